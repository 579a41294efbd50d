package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.MacLeftovers;
import io.jenkins.plugins.obuilder.host.MemoryDirectory;
import io.jenkins.plugins.obuilder.host.PacketFilter;
import io.jenkins.plugins.obuilder.store.Relocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What an account of a Mac leaves: its own doing, and ours when a build crashed. */
record MacAftermath(Commands commands, MacSettings settings, PacketFilter filter, Optional<Relocation> relocation)
        implements Aftermath {

    @Override
    public void clear(String name, int uid, Traces traces) throws IOException {
        try (Undo all = new Undo()) {
            all.add(() -> clearHomes(traces));
            all.add(() -> removeIfThere(settings.temporary(uid)));
            all.add(() -> removeIfThere(settings.status(uid)));
            all.add(() -> removeSecrets(settings.secrets(uid)));
            for (String board : traces.of(MacStep.SCOREBOARD_TRACE)) {
                all.add(() -> new MacScoreboard(Path.of(board)).clear(uid));
            }
            if (!traces.of(MacStep.BLOCK_TRACE).isEmpty()) {
                List<String> tokens = traces.of(MacStep.TOKEN_TRACE);
                all.add(() -> filter.clear(uid, tokens));
            }
            all.add(() -> new MacLeftovers(commands).remove(name, uid));
        }
    }

    private void clearHomes(Traces traces) throws IOException {
        for (String place : traces.of(MacStep.HOME_TRACE)) {
            Path home = Path.of(place);
            if (relocation.isPresent()) {
                relocation.get().clear(home);
            }
            removeIfThere(home);
        }
    }

    /** Memory may still be mounted there. */
    private void removeSecrets(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        MovedTree.empty(directory);
        CommandResult unmounted = MemoryDirectory.tryUnmount(commands, directory);
        try {
            MovedTree.removeTree(directory);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + " (" + unmounted.complaint() + ")", e);
        }
    }

    private static void removeIfThere(Path tree) throws IOException {
        if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            MovedTree.removeTree(tree);
        }
    }
}
