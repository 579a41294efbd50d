package io.jenkins.plugins.obuilder.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.Map;

/** Writes what the engine's command reads from its standard input with {@code --request}: docs/events.md describes it. */
final class EngineRequest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private EngineRequest() {}

    static byte[] of(String token, byte[] spec, BuildSecrets secrets) {
        EngineRequest request = new EngineRequest();
        request.line("obuilder-request 1");
        request.part("token " + token.length(), token.getBytes(UTF_8));
        request.part("spec " + spec.length, spec);
        for (Map.Entry<String, byte[]> secret : secrets.values().entrySet()) {
            request.part(
                    "secret " + secret.getValue().length + " " + URLEncoder.encode(secret.getKey(), UTF_8),
                    secret.getValue());
        }
        secrets.hidden().forEach(hidden -> request.part("hide " + hidden.length, hidden));
        request.line("build");
        return request.bytes.toByteArray();
    }

    private void line(String text) {
        bytes.writeBytes((text + "\n").getBytes(UTF_8));
    }

    private void part(String line, byte[] part) {
        line(line);
        bytes.writeBytes(part);
    }
}
