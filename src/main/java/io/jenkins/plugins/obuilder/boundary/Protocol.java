package io.jenkins.plugins.obuilder.boundary;

import java.time.Duration;

/** What both sides must agree on. */
public final class Protocol {
    /** Grows when one side could misunderstand a former version of the other. */
    public static final int VERSION = 2;

    /** The caller tells as often as this that it is there. */
    static final Duration ALIVE = Duration.ofSeconds(10);

    /** Root takes a caller for dead that has said nothing for so long: it is stopped, or hangs. */
    static final Duration SILENCE = Duration.ofMinutes(2);

    /** So long root may take to answer at all. */
    static final Duration GREETING = Duration.ofSeconds(60);

    /** So long a caller may take, once it is greeted, to say what it wants. */
    public static final Duration REQUEST = Duration.ofSeconds(30);

    /** Bytes of an answer that may be under way on one channel. */
    static final int WINDOW = 1 << 20;

    /** Bytes of one question. */
    static final int LARGEST_CALL = Frame.LARGEST;

    private Protocol() {}

    /** What to do when the two sides are of different versions. */
    static String mismatch(String installed, int theirs, String own) {
        return "the installed root side is obuilder " + installed + " and speaks protocol " + theirs
                + ", this is obuilder "
                + own + " and speaks " + VERSION
                + ": an administrator installs the same version again with: sudo java -jar "
                + "obuilder-engine.jar install";
    }
}
