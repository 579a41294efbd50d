package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.AgentConf;
import io.jenkins.plugins.obuilder.boundary.AgentConf.ConfException;
import io.jenkins.plugins.obuilder.boundary.AgentConf.Entry;
import io.jenkins.plugins.obuilder.boundary.AgentConf.Key;
import io.jenkins.plugins.obuilder.engine.StepLimits;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.image.UnpackLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the configuration of the root side lets a caller have. A limit there is also what holds when the caller names none. */
final class Allowed {
    private static final int CONTEXT_FILES = 1_000_000;
    private static final long CONTEXT_BYTES = 100L << 30;
    private static final int BUILDS = 64;

    private final AgentConf conf;

    private Allowed(AgentConf conf) {
        this.conf = conf;
    }

    /**
     * Reads the configuration and every value in it.
     *
     * @throws ConfException when anything in it is wrong
     */
    static Allowed read(Path file) throws UserException, IOException {
        Allowed allowed = new Allowed(AgentConf.read(file));
        allowed.check();
        return allowed;
    }

    private void check() throws UserException, IOException {
        for (Entry entry : conf.all(Key.STORE)) {
            if (!entry.value().matches("zfs:.+|[a-z]+:/.*")) {
                throw entry.wrong("write KIND:PATH with an absolute path, such as overlayfs:/var/lib/obuilder");
            }
        }
        for (Entry entry : conf.all(Key.IMAGE)) {
            if (!entry.value().matches("[^=]+=([a-z-]+:).+")
                    || entry.value().matches("[^=]+=(dir|home|tar|oci|docker-archive):[^/].*")) {
                throw entry.wrong("write NAME=SOURCE, a path in it absolute, such as debian:12=oci:/srv/images/debian");
            }
        }
        for (Entry entry : conf.all(Key.BASES)) {
            if (!entry.value().startsWith("/")) {
                throw entry.wrong("write the absolute path of a directory, such as /Users");
            }
        }
        for (Entry entry : conf.all(Key.OPTION)) {
            if (!entry.value().startsWith("--")) {
                throw entry.wrong("write an option of obuilder build, such as --fast-sync");
            }
        }
        for (Key key : List.of(Key.CALLER_IMAGES, Key.HOST_NETWORK, Key.SECRETS, Key.LOGS)) {
            conf.allows(key);
        }
        resources(ResourceLimits.NONE);
        steps(StepLimits.NONE);
        timeout(Optional.empty());
        parallel();
        builds();
        contextFiles();
        contextBytes();
        images();
        space().check();
        pruning().check();
    }

    /** How far callers may prune. */
    AllowedPruning pruning() {
        return new AllowedPruning(conf);
    }

    /** How much builds leave free. */
    AllowedSpace space() {
        return new AllowedSpace(conf);
    }

    /** The store of this name, or the first. */
    Entry store(Optional<String> wanted) throws UserException {
        return choose(Key.STORE, wanted, "--store ");
    }

    private Entry choose(Key key, Optional<String> wanted, String option) throws UserException {
        List<Entry> there = conf.all(key);
        if (wanted.isEmpty()) {
            return there.get(0);
        }
        return there.stream()
                .filter(entry -> entry.value().equals(wanted.get()))
                .findFirst()
                .orElseThrow(() -> UserException.usage(option + wanted.get() + ": " + conf + " allows "
                        + String.join(", ", there.stream().map(Entry::value).toList())));
    }

    /** The sandbox of this name; without one, the first; without any in the configuration, that of this system. */
    String sandbox(Optional<String> wanted, String ofSystem) throws UserException {
        if (conf.all(Key.SANDBOX).isEmpty()) {
            if (wanted.isPresent() && !wanted.get().equals(ofSystem)) {
                throw UserException.usage("--sandbox " + wanted.get() + ": " + conf + " allows " + ofSystem);
            }
            return ofSystem;
        }
        return choose(Key.SANDBOX, wanted, "--sandbox ").value();
    }

    List<Entry> imageSources() {
        return conf.all(Key.IMAGE);
    }

    /** The directory in which templates of homes are known by their names. */
    Optional<Entry> bases() {
        return conf.one(Key.BASES);
    }

    /** Options that hold for all builds. */
    List<String> options() {
        return conf.all(Key.OPTION).stream().map(Entry::value).toList();
    }

    /** @throws UserException when it is not allowed */
    void insist(Key key, String what) throws UserException, ConfException {
        if (!conf.allows(key)) {
            throw UserException.usage(what + " is not allowed: " + conf + " does not say " + key + " = yes");
        }
    }

    ResourceLimits resources(ResourceLimits wanted) throws UserException, ConfException {
        Optional<Entry> memory = conf.one(Key.MEMORY);
        Optional<Entry> pids = conf.one(Key.PIDS);
        Optional<Entry> cpus = conf.one(Key.CPUS);
        return new ResourceLimits(
                size(memory, wanted.memory(), "--memory"),
                pids.isEmpty()
                        ? wanted.pids()
                        : OptionalInt.of((int) bounded(pids.get(), number(pids.get()), boxed(wanted.pids()), "--pids")),
                cpus.isEmpty() ? wanted.cpus() : OptionalDouble.of(processors(cpus.get(), wanted.cpus())));
    }

    StepLimits steps(StepLimits wanted) throws UserException, ConfException {
        Optional<Entry> time = conf.one(Key.STEP_TIMEOUT);
        return new StepLimits(
                time.isEmpty() ? wanted.time() : Optional.of(time(time.get(), wanted.time(), "--step-timeout")),
                size(conf.one(Key.MAX_OUTPUT), wanted.output(), "--max-output"),
                size(conf.one(Key.DISK), wanted.disk(), "--disk"));
    }

    Optional<Duration> timeout(Optional<Duration> wanted) throws UserException, ConfException {
        Optional<Entry> time = conf.one(Key.TIMEOUT);
        return time.isEmpty() ? wanted : Optional.of(time(time.get(), wanted, "--timeout"));
    }

    OptionalInt parallel() throws ConfException {
        Optional<Entry> most = conf.one(Key.PARALLEL);
        return most.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) number(most.get()));
    }

    /** How many builds the root side does at a time. */
    int builds() throws ConfException {
        Optional<Entry> most = conf.one(Key.BUILDS);
        return most.isEmpty() ? BUILDS : (int) number(most.get());
    }

    int contextFiles() throws ConfException {
        Optional<Entry> most = conf.one(Key.CONTEXT_FILES);
        return most.isEmpty() ? CONTEXT_FILES : (int) number(most.get());
    }

    long contextBytes() throws ConfException {
        Optional<Entry> most = conf.one(Key.CONTEXT_SIZE);
        return most.isEmpty() ? CONTEXT_BYTES : size(most.get());
    }

    UnpackLimits images() throws ConfException {
        Optional<Entry> most = conf.one(Key.IMAGE_SIZE);
        return most.isEmpty()
                ? UnpackLimits.DEFAULT
                : new UnpackLimits(UnpackLimits.DEFAULT.entries(), size(most.get()));
    }

    static long number(Entry entry) throws ConfException {
        if (!entry.value().matches("[1-9]\\d{0,8}")) {
            throw entry.wrong("write a number from 1 on");
        }
        return Long.parseLong(entry.value());
    }

    private static long size(Entry entry) throws ConfException {
        try {
            return Sizes.parse(entry.key().toString(), entry.value());
        } catch (UserException e) {
            throw entry.wrong("write a size such as 500M or 20G");
        }
    }

    private static OptionalLong size(Optional<Entry> most, OptionalLong wanted, String option)
            throws UserException, ConfException {
        return most.isEmpty() ? wanted : OptionalLong.of(bounded(most.get(), size(most.get()), wanted, option));
    }

    private static OptionalLong boxed(OptionalInt number) {
        return number.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number.getAsInt());
    }

    private static long bounded(Entry entry, long most, OptionalLong wanted, String option) throws UserException {
        if (wanted.orElse(0) > most) {
            throw tooMuch(entry, option);
        }
        return wanted.orElse(most);
    }

    private static double processors(Entry entry, OptionalDouble wanted) throws UserException, ConfException {
        if (!entry.value().matches("\\d{1,4}(\\.\\d{1,3})?") || Double.parseDouble(entry.value()) < 0.01) {
            throw entry.wrong("write a number of processors from 0.01 on, such as 1.5");
        }
        double most = Double.parseDouble(entry.value());
        if (wanted.orElse(0) > most) {
            throw tooMuch(entry, "--cpus");
        }
        return wanted.orElse(most);
    }

    static Duration time(Entry entry) throws ConfException {
        try {
            return TimeoutOption.parse(entry.key().toString(), entry.value());
        } catch (UserException e) {
            throw entry.wrong("write 90 or 90s, 15m, 2h");
        }
    }

    private static Duration time(Entry entry, Optional<Duration> wanted, String option)
            throws UserException, ConfException {
        Duration most = time(entry);
        if (wanted.orElse(Duration.ZERO).compareTo(most) > 0) {
            throw tooMuch(entry, option);
        }
        return wanted.orElse(most);
    }

    static UserException tooMuch(Entry entry, String option) {
        return UserException.usage(
                option + ": no more than " + entry.value() + " is allowed (" + entry.file() + ":" + entry.line() + ")");
    }
}
