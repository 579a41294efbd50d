package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Suggestions;
import java.io.IOException;
import java.util.List;

/** What is to be copied is not there. */
final class MissingSourceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String before;
    private final String directory;
    private final String hint;

    private MissingSourceException(String before, String directory, String hint) {
        super(before + directory + hint);
        this.before = before;
        this.directory = directory;
        this.hint = hint;
    }

    /**
     * All but the directory are byte strings.
     *
     * @param name the part of the source that is not there
     * @param directory where it is not, as the message calls it
     * @param there what is there
     */
    static MissingSourceException of(String source, String name, String directory, List<String> there) {
        return new MissingSourceException(
                "cannot copy \"" + Bytes.toText(source) + "\": there is no \"" + Bytes.toText(name) + "\" in ",
                directory,
                Suggestions.sentence(name, there));
    }

    /** The same for who does not know a root by its path, which is gone when the message is read. */
    MissingSourceException within(String root, String called) {
        if (!directory.startsWith(root)) {
            return this;
        }
        String below = directory.substring(root.length());
        return new MissingSourceException(before, below.isEmpty() ? called : below + " of " + called, hint);
    }
}
