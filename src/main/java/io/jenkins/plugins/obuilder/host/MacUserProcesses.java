package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** As {@code ps} shows them. */
record MacUserProcesses(Commands commands) implements UserProcesses {
    /** How often killing is tried when there is time. */
    private static final int ROUNDS = 20;

    /** How often a killed process is looked for in a round: a process needs a moment to go, half a second at the most. */
    private static final int LOOKS = 5;

    @Override
    public List<Processes.Info> of(int uid) throws HostException {
        List<Processes.Info> found = new ArrayList<>();
        for (String line : commands.run(MacTools.processes()).lines()) {
            String[] words = line.strip().split("\\s+", 6);
            boolean theirs = words.length == 6
                    && List.of(words[1], words[2], words[3]).contains(Integer.toString(uid))
                    && !words[4].startsWith("Z");
            if (theirs) {
                found.add(new Processes.Info(Long.parseLong(words[0]), Bytes.toText(words[5]), words[4]));
            }
        }
        return found;
    }

    @Override
    public void killAll(String name, int uid, Patience patience) throws HostException {
        int rounds = patience == Patience.LITTLE ? 1 : ROUNDS;
        // It fails when launchd knows nothing of the user, which is as well.
        commands.execute(MacTools.bootout(uid));
        List<Processes.Info> alive = of(uid);
        for (int round = 1; !alive.isEmpty(); round++) {
            if (round > rounds) {
                throw new HostException("cannot kill all processes of " + name + "; there are still "
                        + alive.stream().map(Processes.Info::toString).collect(Collectors.joining(", "))
                        + ". One in the state U waits in the kernel for ever: only a reboot ends it");
            }
            commands.execute(MacTools.kill(uid));
            for (Processes.Info process : alive) {
                // Those that have the user's rights without being the real user.
                ProcessGroups.kill(process.pid());
            }
            if (round > 1) {
                commands.execute(MacTools.killAsUser(name));
            }
            alive = afterKill(uid, alive);
        }
    }

    /** Waits a little for those that were killed; not for others, since a fork bomb makes some all the time. */
    private List<Processes.Info> afterKill(int uid, List<Processes.Info> killed) throws HostException {
        Set<Long> pids = killed.stream().map(Processes.Info::pid).collect(Collectors.toSet());
        List<Processes.Info> alive = of(uid);
        for (int look = 0; look < LOOKS && !alive.isEmpty(); look++) {
            if (!alive.stream().allMatch(process -> pids.contains(process.pid()))) {
                return alive;
            }
            Pause.millis(20L << look, "killing processes");
            alive = of(uid);
        }
        return alive;
    }
}
