package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.HostException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one line in sudo's configuration that lets a user, or a group, run the wrapper. */
public final class Sudoers {
    public static final Path DEFAULT = Path.of("/etc/sudoers.d/obuilder");

    private static final Pattern SUBJECT = Pattern.compile("%?[A-Za-z_][A-Za-z0-9_.-]{0,63}");
    private static final Pattern RULE = Pattern.compile("(?m)^(\\S+) ALL=\\(root\\) NOPASSWD:");

    private final Path file;
    private final Commands commands;

    /** @param file in the directory that sudo reads; its name must not have a dot, or sudo leaves it out */
    public Sudoers(Path file, Commands commands) {
        this.file = file;
        this.commands = commands;
    }

    /** Who is let, in the file that is there; a group begins with {@code %}. */
    public Optional<String> subject() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Matcher rule = RULE.matcher(Files.readString(file));
        return rule.find() ? Optional.of(rule.group(1)) : Optional.empty();
    }

    /** Its text. */
    static String text(String subject, Path wrapper, String version) throws HostException {
        if (!SUBJECT.matcher(subject).matches()) {
            throw new HostException(
                    "the user or group " + subject + " has a name that the configuration of sudo would misunderstand");
        }
        String command = WrapperScript.plain(wrapper);
        return "# Made by obuilder " + version + "; \"obuilder uninstall\" removes it.\n"
                + "# Builds as root for one user: the program takes no arguments, and what it may do stands in its configuration.\n"
                + "Defaults!" + command + " env_reset, !env_keep, !env_check, !setenv, !requiretty, !use_pty\n"
                + "Defaults!" + command + " !log_input, !log_output, umask = 0022\n"
                + subject + " ALL=(root) NOPASSWD: NOSETENV: " + command + " \"\"\n";
    }

    /**
     * Puts it into place, once visudo has found it right; the file that was there stays when it has not.
     *
     * @throws HostException when visudo finds an error, in it or with it
     */
    public void write(String subject, Path wrapper, String version) throws IOException {
        if (file.getFileName().toString().contains(".")) {
            throw new HostException("sudo leaves out files with a dot in their names: " + file);
        }
        if (!Files.isDirectory(file.getParent())) {
            throw new HostException(
                    "there is no directory " + file.getParent() + ", in which sudo looks for configuration");
        }
        Path draft =
                Installation.draft(file, text(subject, wrapper, version).getBytes(StandardCharsets.UTF_8), "r--r-----");
        Optional<byte[]> before = Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        try {
            commands.run(check().args("-f").arg(draft));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        CommandResult all = commands.execute(check());
        if (!all.succeeded()) {
            if (before.isPresent()) {
                Installation.replace(file, before.get(), "r--r-----");
            } else {
                Files.delete(file);
            }
            throw new HostException(
                    "the configuration of sudo is not right; nothing in it was changed: " + all.complaint());
        }
    }

    private static HostCommand check() {
        return HostCommand.of("check the configuration of sudo", "visudo", "-c");
    }

    /**
     * Asks sudo whether it lets this user run the wrapper: the directory may not be one that it reads.
     *
     * @throws HostException when it does not
     */
    public void verify(String user, Path wrapper) throws HostException {
        CommandResult result =
                commands.execute(HostCommand.of("ask sudo what " + user + " may run", "sudo", "-n", "-l", "-U", user)
                        .arg(wrapper));
        if (!result.succeeded()) {
            throw new HostException("sudo does not let " + user + " run " + wrapper + ", although " + file
                    + " says so: see that " + "/etc/sudoers has the line @includedir " + file.getParent());
        }
    }

    public void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
