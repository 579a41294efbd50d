package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.LabelFinder;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.model.labels.LabelAtom;
import hudson.remoting.VirtualChannel;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.obuilder.agent.AgentFacts;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/** Labels by which jobs find the agents that can build: {@code node('obuilder && macos')}. An agent gets them when it connects. */
@Extension
public final class AgentLabels extends LabelFinder {
    private static final String CAN_BUILD = "obuilder";

    private static final Map<Computer, Set<String>> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    /** The labels of an agent: none where builds are not possible. */
    static Set<String> of(AgentFacts facts) {
        Set<String> labels = new TreeSet<>();
        if (!facts.builds()) {
            return labels;
        }
        labels.add(CAN_BUILD);
        labels.add(facts.architecture());
        if (facts.has("zfs")) {
            labels.add("obuilder-zfs");
        }
        if (facts.system().equals("macos")) {
            labels.add("macos");
            labels.add("macos-" + facts.version().replaceFirst("\\..*", ""));
            if (facts.has("dscl")) {
                labels.add("obuilder-user");
            }
            return labels;
        }
        if (facts.has("btrfs")) {
            labels.add("obuilder-btrfs");
        }
        if (facts.has("runc") || facts.has("crun")) {
            labels.add("obuilder-runc");
        }
        if (facts.has("useradd")) {
            labels.add("obuilder-user");
        }
        return labels;
    }

    @NonNull @Override
    public Collection<LabelAtom> findLabels(@NonNull Node node) {
        Computer computer = node.toComputer();
        Set<String> labels = computer == null ? null : KNOWN.get(computer);
        if (labels == null || !ObuilderConfiguration.get().isAgentLabels()) {
            return Set.of();
        }
        return labels.stream().map(Jenkins.get()::getLabelAtom).collect(Collectors.toSet());
    }

    /** Looks at agents that connect. */
    @Extension
    public static final class Prober extends ComputerListener {
        @Override
        public void onOnline(Computer c, TaskListener listener) throws IOException, InterruptedException {
            VirtualChannel channel = c.getChannel();
            if (channel == null || !ObuilderConfiguration.get().isAgentLabels()) {
                return;
            }
            Set<String> labels = of(channel.call(new AgentFacts.Probe()));
            Set<String> before = KNOWN.put(c, labels);
            Node node = c.getNode();
            if (node != null && !labels.equals(before)) {
                listener.getLogger()
                        .println(
                                labels.isEmpty()
                                        ? "obuilder: nothing can be built on this agent: it is not Linux or macOS, or the engine cannot be root"
                                        : "obuilder: labels " + String.join(" ", labels));
                // Jobs that wait for a label look again.
                Jenkins.get().updateNode(node);
            }
        }
    }
}
