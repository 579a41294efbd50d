package io.jenkins.plugins.obuilder.host;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Network for some users alone, by pf(4), which knows whose a TCP or UDP connection is. Each user that may not use the network has an
 * anchor with its rules. Not covered: ICMP, and what another process does for the user, such as looking up a name.
 */
public final class PacketFilter {
    /** Where an anchor of ours is looked at: an own hook, or that which Apple's rules have. */
    private static final List<String> PARENTS = List.of("obuilder", "com.apple");

    private static final String NO_HOOK =
            "the packet filter's main rules have no hook for ours: add the line  anchor \"obuilder/*\""
                    + "  at the end of /etc/pf.conf and run  pfctl -f /etc/pf.conf";

    private final Commands commands;

    public PacketFilter(Commands commands) {
        this.commands = commands;
    }

    /** Why it cannot keep users from the network; empty when it can. Changes nothing. */
    public Optional<String> whyUnsupported() throws HostException {
        if (commands.find("pfctl").isEmpty()) {
            return Optional.of("pfctl is missing; it is a part of macOS");
        }
        return parent().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the packet filter's main rules have no hook for ours: add the line  anchor \"obuilder/*\""
                                + "  at the end of /etc/pf.conf and run  pfctl -f /etc/pf.conf");
    }

    /**
     * Keeps a user from the network, but not from the loopback; checks that it does.
     *
     * @param tokens is told what the system must be given back, before anything else is done
     * @return what lets the user in again
     * @throws HostException when the rules are not in force: then the user is not to run
     */
    public Block block(int uid, Tokens tokens) throws IOException {
        String anchor = anchor(
                parent().orElseThrow(() ->
                        new HostException("cannot keep the user " + uid + " from the network: " + NO_HOOK)),
                uid);
        String token = "";
        boolean blocked = false;
        try {
            commands.run(MacTools.loadPf(anchor, rules(uid)));
            token = token(commands.run(MacTools.enablePf()));
            tokens.took(token);
            verify(anchor, uid);
            blocked = true;
            return new Block(anchor, token);
        } finally {
            if (!blocked) {
                new Block(anchor, token).close();
            }
        }
    }

    /** Rules with {@code quick}, since the last that matches counts otherwise, and the loopback first. */
    private static String rules(int uid) {
        return "pass out quick on lo0 proto { tcp udp } user " + uid + "\n"
                + "block drop out quick proto { tcp udp } user " + uid + "\n";
    }

    private void verify(String anchor, int uid) throws HostException {
        CommandResult status = commands.run(MacTools.pfStatus());
        if (status.lines().stream().noneMatch(line -> line.startsWith("Status: Enabled"))) {
            throw new HostException("the packet filter is off although it was just enabled: "
                    + status.text().lines().findFirst().orElse("it says nothing"));
        }
        List<String> there = commands.run(MacTools.pfRules(anchor)).lines();
        for (String protocol : List.of("tcp", "udp")) {
            boolean found = there.stream()
                    .anyMatch(rule -> rule.startsWith("block drop out quick")
                            && rule.contains(" proto " + protocol + " ")
                            && rule.matches(".* user (= )?" + uid + "( .*)?"));
            if (!found) {
                throw new HostException("the packet filter's anchor " + anchor + " does not keep the user " + uid
                        + " from " + protocol + ": its rules are " + there);
            }
        }
    }

    private Optional<String> parent() throws HostException {
        List<String> main = commands.run(MacTools.pfMainRules()).lines();
        return PARENTS.stream()
                .filter(parent -> main.stream().anyMatch(rule -> rule.startsWith("anchor \"" + parent + "/*\"")))
                .findFirst();
    }

    private static String anchor(String parent, int uid) {
        return parent + "/obuilder-" + uid;
    }

    private static String token(CommandResult enabled) {
        return (enabled.text() + "\n" + enabled.errorText())
                .lines()
                .filter(line -> line.startsWith("Token :"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Remembers that the packet filter was enabled once more; a crash must not leave it so. */
    @FunctionalInterface
    public interface Tokens {
        void took(String token) throws IOException;
    }

    /**
     * Empties the anchor that a crashed build has left, and gives back what it took; nothing where there is none.
     *
     * @param tokens those that were taken, and maybe given back
     */
    public void clear(int uid, List<String> tokens) throws HostException {
        if (commands.find("pfctl").isEmpty()) {
            return;
        }
        for (String token : tokens) {
            // It fails for one that was given back.
            commands.execute(MacTools.releasePf(token));
        }
        for (String parent : PARENTS) {
            String anchor = anchor(parent, uid);
            CommandResult rules = commands.execute(MacTools.pfRules(anchor));
            if (rules.succeeded() && !rules.text().isBlank()) {
                commands.run(MacTools.flushPf(anchor));
            }
        }
    }

    /** A user who is kept from the network. */
    public final class Block implements Closeable {
        private final String anchor;
        private final String token;

        private Block(String anchor, String token) {
            this.anchor = anchor;
            this.token = token;
        }

        @Override
        public void close() throws HostException {
            commands.run(MacTools.flushPf(anchor));
            if (!token.isEmpty()) {
                commands.run(MacTools.releasePf(token));
            }
        }
    }
}
