package io.jenkins.plugins.obuilder.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.store.HumanSize;
import io.jenkins.plugins.obuilder.store.Index;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder df}. */
@Command(
        name = "df",
        description = "Tells how much is in a store, and how much room its file system has.",
        mixinStandardHelpOptions = true)
final class DfCommand implements Callable<Integer>, StoreCommand {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreAccess access;

    @Option(
            names = "--json",
            description =
                    "An object: store, total and free (bytes of the file system), snapshots, leaves (of them, with nothing built"
                            + " on them), inUse (held by builds that run now), caches.")
    private boolean json;

    @Override
    public Integer call() throws UserException, IOException {
        return access.run(this, parent.running());
    }

    @Override
    public int on(SharedStore store, Running running) throws IOException {
        List<Index.Row> rows = store.snapshots();
        Store.Space space = store.space();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("store", store.name());
        facts.put("total", space.total());
        facts.put("free", space.free());
        facts.put("snapshots", rows.size());
        facts.put("leaves", rows.stream().filter(row -> row.children() == 0).count());
        facts.put("inUse", store.inUse().size());
        facts.put("caches", store.caches().size());
        Console.println(running, json ? JSON.std.asString(facts) : text(facts, space));
        return ExitCodes.OK;
    }

    private static String text(Map<String, Object> facts, Store.Space space) {
        return "store      " + facts.get("store")
                + "\nfree       " + HumanSize.free(space)
                + "\nsnapshots  " + facts.get("snapshots") + ", nothing is built on " + facts.get("leaves")
                + " of them, running builds hold " + facts.get("inUse")
                + "\ncaches     " + facts.get("caches");
    }
}
