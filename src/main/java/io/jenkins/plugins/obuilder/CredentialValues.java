package io.jenkins.plugins.obuilder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.obuilder.agent.BuildSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The values of secrets, out of credentials. They are asked for when a build starts, and kept nowhere. */
final class CredentialValues {
    static final String USERNAME = "username";
    static final String PASSWORD = "password";
    static final String PASSPHRASE = "passphrase";

    /** A spec's secrets are tokens and keys; the engine takes no more. */
    private static final int LONGEST = 16 * 1024 * 1024;

    private final Map<String, byte[]> values = new LinkedHashMap<>();
    private final List<byte[]> hidden = new ArrayList<>();

    private CredentialValues() {}

    /**
     * Asks for the values of a run's secrets.
     *
     * @throws AbortException when there are no such credentials, or none that the run may use; the message is for the user
     */
    static BuildSecrets of(Run<?, ?> run, List<ObuilderSecret> secrets) throws IOException, InterruptedException {
        CredentialValues values = new CredentialValues();
        for (ObuilderSecret secret : secrets) {
            values.add(run, secret);
        }
        return new BuildSecrets(values.values, values.hidden);
    }

    private void add(Run<?, ?> run, ObuilderSecret secret) throws IOException, InterruptedException {
        String id = Texts.given(secret.getId());
        String credentialsId = Texts.given(secret.getCredentialsId());
        if (id == null || credentialsId == null) {
            throw new AbortException("obuilder: a secret needs an id and a credentialsId");
        }
        StandardCredentials credentials =
                CredentialsProvider.findCredentialById(credentialsId, StandardCredentials.class, run);
        if (credentials == null) {
            throw new AbortException("obuilder: there are no credentials " + credentialsId + " for the secret \"" + id
                    + "\", or this job may not use them");
        }
        CredentialsProvider.track(run, credentials);
        if (values.put(id, value(credentials, secret)) != null) {
            throw new AbortException("obuilder: the secret \"" + id + "\" is given twice");
        }
    }

    private byte[] value(StandardCredentials credentials, ObuilderSecret secret)
            throws IOException, InterruptedException {
        String part = secret.getPart();
        if (credentials instanceof StringCredentials text && part == null) {
            return bytes(text.getSecret());
        }
        if (credentials instanceof FileCredentials file && part == null) {
            return read(file);
        }
        if (credentials instanceof StandardUsernamePasswordCredentials login) {
            return value(login, part);
        }
        if (credentials instanceof SSHUserPrivateKey key) {
            return value(key, part);
        }
        throw unknown(secret);
    }

    private byte[] value(StandardUsernamePasswordCredentials login, @CheckForNull String part) throws AbortException {
        String password = login.getPassword().getPlainText();
        hidden.add(password.getBytes(UTF_8));
        if (login.isUsernameSecret()) {
            hidden.add(login.getUsername().getBytes(UTF_8));
        }
        if (part == null) {
            return (login.getUsername() + ":" + password).getBytes(UTF_8);
        }
        return switch (part) {
            case USERNAME -> login.getUsername().getBytes(UTF_8);
            case PASSWORD -> password.getBytes(UTF_8);
            default -> throw new AbortException("obuilder: a user name with password has no " + part);
        };
    }

    private byte[] value(SSHUserPrivateKey key, @CheckForNull String part) throws AbortException {
        Secret passphrase = key.getPassphrase();
        if (passphrase != null) {
            hidden.add(bytes(passphrase));
        }
        if (part == null) {
            StringBuilder keys = new StringBuilder();
            for (String text : key.getPrivateKeys()) {
                keys.append(text).append(text.endsWith("\n") ? "" : "\n");
            }
            return keys.toString().getBytes(UTF_8);
        }
        return switch (part) {
            case USERNAME -> key.getUsername().getBytes(UTF_8);
            case PASSPHRASE -> passphrase == null ? new byte[0] : bytes(passphrase);
            default -> throw new AbortException("obuilder: a private key has no " + part);
        };
    }

    private static AbortException unknown(ObuilderSecret secret) {
        return new AbortException(
                "obuilder: the credentials " + secret.getCredentialsId() + " are no value for the secret \""
                        + secret.getId()
                        + "\": they must be a secret text or file (without a part), a user name with password, or a private key");
    }

    private static byte[] bytes(Secret secret) {
        return secret.getPlainText().getBytes(UTF_8);
    }

    private static byte[] read(FileCredentials file) throws IOException {
        try (InputStream content = file.getContent()) {
            byte[] bytes = content.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new AbortException("obuilder: the file " + file.getFileName() + " is too long for a secret");
            }
            return bytes;
        }
    }
}
