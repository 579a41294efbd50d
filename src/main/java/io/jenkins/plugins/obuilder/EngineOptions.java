package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Options of the engine's command, out of what administrators have set and what a job asks for: it chooses among what it is allowed. */
final class EngineOptions {
    private final List<ObuilderSettings> settings;
    private final List<String> options = new ArrayList<>();

    private EngineOptions(List<ObuilderSettings> settings) {
        this.settings = settings;
    }

    /**
     * The options.
     *
     * @param settings the agent's own first
     * @throws AbortException when the job asks for what it may not have; the message is for the user
     */
    static List<String> of(ObuilderStep step, List<ObuilderSettings> settings) throws AbortException {
        EngineOptions options = new EngineOptions(settings);
        options.add("--store", options.store(step.getStore()));
        options.add("--sandbox", options.sandbox(step.getSandbox()));
        for (String image : options.images(step.getImages())) {
            options.add("--image", image);
        }
        options.add("--memory", options.first(ObuilderSettings::getMemory));
        options.add("--pids", options.first(ObuilderSettings::getPids));
        options.add("--cpus", options.first(ObuilderSettings::getCpus));
        options.add("--disk", options.first(ObuilderSettings::getDisk));
        options.add("--max-output", options.first(ObuilderSettings::getMaxOutput));
        options.add("--step-timeout", options.first(ObuilderSettings::getStepTimeout));
        options.add("--keep-free", options.first(ObuilderSettings::getKeepFree, step.getKeepFree()));
        options.add("--min-free", options.first(ObuilderSettings::getMinFree, step.getMinFree()));
        options.add("--parallel", step.getParallel());
        options.add("--timeout", step.getTimeout());
        if (step.isKeepGoing()) {
            options.options.add("--keep-going");
        }
        return options.options;
    }

    /** Options for agents on macOS; elsewhere the engine refuses them. */
    static List<String> forMac(List<ObuilderSettings> settings) {
        EngineOptions options = new EngineOptions(settings);
        options.add("--accounts", options.first(ObuilderSettings::getAccounts));
        options.add("--scoreboard", options.first(ObuilderSettings::getScoreboard));
        options.add("--prefix", options.first(ObuilderSettings::getPrefix));
        return options.options;
    }

    private void add(String option, @CheckForNull Object value) {
        if (value != null) {
            options.add(option + "=" + value);
        }
    }

    @CheckForNull
    private <T> T first(Function<ObuilderSettings, T> value) {
        return settings.stream().map(value).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** The job's where there is no other. */
    @CheckForNull
    private <T> T first(Function<ObuilderSettings, T> value, @CheckForNull T wanted) {
        T set = first(value);
        return set == null ? wanted : set;
    }

    private List<String> firstList(Function<ObuilderSettings, List<String>> value) {
        return settings.stream()
                .map(value)
                .filter(list -> !list.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    @CheckForNull
    private String store(@CheckForNull String wanted) throws AbortException {
        List<String> stores = firstList(ObuilderSettings::getStores);
        if (wanted == null) {
            String byDefault = first(ObuilderSettings::getDefaultStore);
            return byDefault != null || stores.isEmpty() ? byDefault : stores.get(0);
        }
        if (!stores.isEmpty() && !stores.contains(wanted)) {
            throw new AbortException("obuilder: the store " + wanted + " is not among those of this agent: "
                    + String.join(", ", stores) + ". Name one of them, or none; an administrator can add others");
        }
        return wanted;
    }

    @CheckForNull
    private String sandbox(@CheckForNull String wanted) throws AbortException {
        String set = first(ObuilderSettings::getSandbox);
        if (set != null && wanted != null && !set.equals(wanted)) {
            throw new AbortException("obuilder: this agent builds in the sandbox " + set + " alone, not in " + wanted);
        }
        return wanted == null ? set : wanted;
    }

    private List<String> images(List<String> wanted) throws AbortException {
        List<String> offered = firstList(ObuilderSettings::getImages);
        if (!offered.isEmpty() && settings.stream().noneMatch(ObuilderSettings::isJobImages)) {
            for (String image : wanted) {
                if (!offered.contains(image)) {
                    throw new AbortException("obuilder: jobs bring no images to this agent: " + image + " is not among "
                            + String.join(", ", offered));
                }
            }
        }
        List<String> all = new ArrayList<>(wanted);
        List<String> names = wanted.stream().map(EngineOptions::name).toList();
        offered.stream().filter(image -> !names.contains(name(image))).forEach(all::add);
        return all;
    }

    private static String name(String image) {
        int equals = image.indexOf('=');
        return equals < 0 ? image : image.substring(0, equals);
    }
}
