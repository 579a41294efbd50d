package io.jenkins.plugins.obuilder;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.XmlFile;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.obuilder.agent.EngineProcess;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** Engines on agents that were not connected when their builds were aborted: they are told to stop when the agent comes back. */
@Extension
public final class PendingStops extends ComputerListener {
    private static final Logger LOGGER = Logger.getLogger(PendingStops.class.getName());

    /** Agents that do not come back must not fill the file. */
    private static final int MOST = 100;

    static PendingStops get() {
        return ExtensionList.lookupSingleton(PendingStops.class);
    }

    private static XmlFile file() {
        return new XmlFile(new File(Jenkins.get().getRootDir(), PendingStops.class.getName() + ".xml"));
    }

    /** The control directories of engines, by the names of nodes. */
    @SuppressWarnings("unchecked")
    private static Map<String, List<String>> read() throws IOException {
        return file().exists() ? (Map<String, List<String>>) file().read() : new TreeMap<>();
    }

    synchronized void add(String node, String control) {
        try {
            Map<String, List<String>> stops = read();
            List<String> controls = stops.computeIfAbsent(node, name -> new ArrayList<>());
            controls.add(control);
            if (controls.size() > MOST) {
                controls.remove(0);
            }
            file().write(stops);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot remember to stop " + control + " on " + node);
        }
    }

    private synchronized List<String> take(String node) throws IOException {
        Map<String, List<String>> stops = read();
        List<String> controls = stops.remove(node);
        if (controls == null) {
            return List.of();
        }
        file().write(stops);
        return controls;
    }

    @Override
    public void onOnline(Computer c, TaskListener listener) throws IOException, InterruptedException {
        VirtualChannel channel = c.getChannel();
        if (channel == null) {
            return;
        }
        for (String control : take(c.getName())) {
            listener.getLogger().println("obuilder: stopping an aborted build; its files are in " + control);
            EngineProcess.stop(new FilePath(channel, control), control);
        }
    }
}
