package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.ConfTemplate;
import io.jenkins.plugins.obuilder.boundary.Installation;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder uninstall}. */
@Command(
        name = "uninstall",
        description =
                "Removes what install has made: sudo's permission first, then the program and the configuration. Stores stay.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class UninstallCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private InstallPlaces places;

    @Option(names = "--keep-config", description = "Leave the configuration where it is.")
    private boolean keepConfig;

    @Override
    public Integer call() throws UserException, IOException {
        places.insistOnRoot("uninstall");
        Installation installation = places.installation();
        List<Path> there = Stream.of(installation.wrapper(), places.sudoersFile())
                .filter(Files::exists)
                .toList();
        places.sudoers(new SystemCommands()).remove();
        List<String> stays = new ArrayList<>(installation.remove());
        if (keepConfig) {
            stays.add(places.config().toString());
        } else {
            ConfTemplate.remove(places.config());
        }
        Console.println(
                parent.running(),
                there.isEmpty()
                        ? "nothing was installed: there is neither " + installation.wrapper() + " nor "
                                + places.sudoersFile()
                        : "removed " + there.stream().map(Path::toString).collect(Collectors.joining(" and ")));
        stays.forEach(what -> Console.println(parent.running(), "left " + what));
        return ExitCodes.OK;
    }
}
