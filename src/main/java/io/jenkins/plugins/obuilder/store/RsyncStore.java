package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Snapshots as whole copies, made by rsync: works on every file system. */
final class RsyncStore extends TreeStore {
    static final String KIND = "rsync";

    private final Commands commands;

    RsyncStore(Path root, Commands commands) throws IOException {
        super(KIND, root, new RsyncTrees(commands), CacheNames.PLAIN, directory -> Optional.empty());
        this.commands = commands;
    }

    @Override
    public Optional<String> whyUnsupported() {
        return commands.find("rsync").isPresent()
                ? Optional.empty()
                : Optional.of("rsync is not installed (apt-get install rsync)");
    }

    private static final class RsyncTrees extends PlainTrees {
        private static final Duration COPY_LIMIT = Duration.ofHours(2);

        RsyncTrees(Commands commands) {
            super(commands);
        }

        /**
         * Everything of it: hard links, ACLs, attributes and with them capabilities, devices, holes, times to the nanosecond (rsync
         * compares whole seconds unless told otherwise, and leaves a directory or link that it has just made as it is when these agree).
         */
        @Override
        public void copy(Path tree, Path copy, String what) throws IOException {
            make(copy);
            commands.run(HostCommand.of(
                            "copy " + what,
                            "rsync",
                            "-aHAX",
                            "--numeric-ids",
                            "--sparse",
                            "--whole-file",
                            "--modify-window=-1",
                            "--")
                    .byteArg(Bytes.ofText(tree + "/"))
                    .arg(copy)
                    .within(COPY_LIMIT));
        }
    }
}
