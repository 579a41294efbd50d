package io.jenkins.plugins.obuilder.agent;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import jenkins.security.MasterToSlaveCallable;

/**
 * What an agent can build with, as far as looking at files tells.
 *
 * @param system {@code linux}, {@code macos}, or something else, where nothing is built
 * @param version of macOS, such as 15.3; of another system its kernel's
 * @param architecture {@code arm64}, {@code amd64}, or what Java calls it
 * @param root whether the engine can be root there
 * @param tools commands and file systems that are there
 */
public record AgentFacts(String system, String version, String architecture, boolean root, Set<String> tools)
        implements Serializable {
    private static final Path[] COMMANDS = {
        Path.of("/usr/local/sbin"),
        Path.of("/usr/local/bin"),
        Path.of("/usr/sbin"),
        Path.of("/usr/bin"),
        Path.of("/sbin"),
        Path.of("/bin"),
        Path.of("/usr/local/zfs/bin"),
        Path.of("/opt/homebrew/bin")
    };

    /** What an administrator's {@code obuilder install} leaves: the engine is root through it. */
    static final Path WRAPPER = Path.of("/opt/obuilder/obuilder-agent");

    private static final String[] TOOLS = {"runc", "crun", "zfs", "btrfs", "useradd", "dscl", "xfs_info", "rsync"};

    public AgentFacts {
        tools = Set.copyOf(tools);
    }

    /** Whether builds are possible there. */
    public boolean builds() {
        return root && (system.equals("linux") || system.equals("macos"));
    }

    public boolean has(String tool) {
        return tools.contains(tool);
    }

    /** Finds them out, on the agent, without starting anything. */
    public static final class Probe extends MasterToSlaveCallable<AgentFacts, IOException> {
        private static final long serialVersionUID = 1L;

        @Override
        public AgentFacts call() {
            Set<String> tools = new TreeSet<>();
            for (String tool : TOOLS) {
                for (Path directory : COMMANDS) {
                    if (Files.isExecutable(directory.resolve(tool))) {
                        tools.add(tool);
                    }
                }
            }
            return new AgentFacts(
                    system(System.getProperty("os.name")),
                    System.getProperty("os.version"),
                    architecture(System.getProperty("os.arch")),
                    "root".equals(System.getProperty("user.name")) || Files.exists(WRAPPER),
                    tools);
        }

        private static String system(String name) {
            if (name.startsWith("Mac")) {
                return "macos";
            }
            return name.equals("Linux") ? "linux" : name;
        }

        private static String architecture(String name) {
            return switch (name) {
                case "aarch64" -> "arm64";
                case "x86_64" -> "amd64";
                default -> name;
            };
        }
    }
}
