package io.jenkins.plugins.obuilder.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The options of a build on root's side: the administrator's, and what a caller may say besides. */
@Command(name = "build")
final class ServedOptions {
    @Mixin
    SandboxOption sandbox;

    @Mixin
    PaceOptions pace;

    @Mixin
    SpaceOptions space;

    @Mixin
    TimeoutOption timeout;

    @Mixin
    IdentityOption identity;

    @Mixin
    EventsOption events;

    private ServedOptions() {}

    /**
     * Reads them.
     *
     * @param administrators options of the configuration
     * @param callers options that came over the pipe: each is looked at before anything takes it for a command line
     */
    static ServedOptions parse(List<String> administrators, List<String> callers) throws UserException {
        Set<String> set = new HashSet<>();
        administrators.forEach(option -> set.add(CallersOptions.name(option)));
        List<String> all = new ArrayList<>(administrators);
        for (String option : callers) {
            String name = CallersOptions.name(option);
            if (!CallersOptions.TAKEN.contains(name)) {
                throw UserException.usage("the option " + option + " is not a caller's to say");
            }
            if (set.contains(name) && !administrators.contains(option)) {
                throw UserException.usage(
                        "the option " + option + ": the configuration of the root side says otherwise");
            }
            if (!administrators.contains(option)) {
                all.add(option);
            }
        }
        ServedOptions options = new ServedOptions();
        CallersOptions.parse(all, options);
        return options;
    }
}
