package io.jenkins.plugins.obuilder.host;

/** Waiting between two looks. */
public final class Pause {
    private Pause() {}

    /** @param during for the message when the thread is interrupted */
    public static void millis(long milliseconds, String during) throws HostException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while " + during, e);
        }
    }
}
