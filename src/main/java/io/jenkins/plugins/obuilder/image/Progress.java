package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import java.util.function.Consumer;

/**
 * How whoever waits for an image hears of it, and stops it.
 *
 * @param lines told a line now and then
 */
public record Progress(Consumer<String> lines, Cancellation cancellation) {
    /** Of what nobody stops. */
    public static Progress of(Consumer<String> lines) {
        return new Progress(lines, new Cancellation());
    }

    void say(String line) {
        lines.accept(line);
    }

    /** @throws Sandbox.CancelledException when nobody wants it any more */
    void insistWanted() throws Sandbox.CancelledException {
        if (cancellation.isCancelled()) {
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        }
    }
}
