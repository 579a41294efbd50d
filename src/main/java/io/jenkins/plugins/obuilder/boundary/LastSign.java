package io.jenkins.plugins.obuilder.boundary;

/** When the other side was last heard of. */
final class LastSign {
    private volatile long when = System.nanoTime();

    void seen() {
        when = System.nanoTime();
    }

    /** Does something when nothing is heard for {@link Protocol#SILENCE}. */
    void watch(Runnable whenSilent) {
        Thread thread = new Thread(
                () -> {
                    try {
                        long left = Protocol.SILENCE.toNanos();
                        while (left > 0) {
                            Thread.sleep(left / 1_000_000 + 1);
                            left = Protocol.SILENCE.toNanos() - (System.nanoTime() - when);
                        }
                        whenSilent.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "silence");
        thread.setDaemon(true);
        thread.start();
    }
}
