package io.jenkins.plugins.obuilder.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.Index;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder ls}. */
@Command(
        name = "ls",
        description = "Lists the snapshots of a store, the longest unused first.",
        mixinStandardHelpOptions = true)
final class LsCommand implements Callable<Integer>, StoreCommand {
    private static final int SHORT = 12;
    private static final String LINE = "%-64s  %-16s  %-16s  %-12s  %s";

    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreAccess access;

    @Option(
            names = "--json",
            description =
                    "An array of objects: id, parent (if it was built on one), created and used (UTC), children (how many were"
                            + " built on it), inUse (by a build that runs now).")
    private boolean json;

    @Override
    public Integer call() throws UserException, IOException {
        return access.run(this, parent.running());
    }

    @Override
    public int on(SharedStore store, Running running) throws IOException {
        List<Index.Row> rows = store.snapshots();
        Set<SnapshotId> inUse = store.inUse();
        List<String> lines = new ArrayList<>();
        if (!json) {
            lines.add(String.format(LINE, "ID", "CREATED", "USED", "BUILT ON", "CHILDREN"));
        }
        for (Index.Row row : rows) {
            boolean used = inUse.contains(row.id());
            lines.add(json ? json(row, used) : text(row, used));
        }
        Console.println(running, json ? "[" + String.join(",\n", lines) + "]" : String.join("\n", lines));
        return ExitCodes.OK;
    }

    private static String text(Index.Row row, boolean inUse) {
        return String.format(
                LINE,
                row.id(),
                Moments.format(row.created()),
                Moments.format(row.used()),
                row.parent().map(id -> id.hex().substring(0, SHORT)).orElse("-"),
                row.children() + (inUse ? ", in use" : ""));
    }

    private static String json(Index.Row row, boolean inUse) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", row.id().hex());
        row.parent().ifPresent(id -> fields.put("parent", id.hex()));
        fields.put("created", row.created().toString());
        fields.put("used", row.used().toString());
        fields.put("children", row.children());
        fields.put("inUse", inUse);
        return JSON.std.asString(fields);
    }
}
