package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.host.TreeClone;
import java.io.IOException;
import java.nio.file.Path;

/** Opens the real stores, and apfs' with a stand-in for the system call that only a Mac has. */
final class TestStores {
    private static final TreeClone CP = (tree, copy) -> new SystemCommands()
            .run(HostCommand.of("stand in for clonefile", "cp", "-aT", "--reflink=auto", "--")
                    .arg(tree)
                    .arg(copy));

    private TestStores() {}

    static SharedStore open(String name) throws IOException {
        String apfs = ApfsStore.KIND + ":";
        return name.startsWith(apfs)
                ? new SharedStore(new ApfsStore(Path.of(name.substring(apfs.length())), new SystemCommands(), CP))
                : Stores.open(name, new SystemCommands());
    }
}
