package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.image.ForeignImages;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Base images that a caller has, as root sees them. What comes is bytes to be judged, nothing more. */
public final class CallerImages implements ForeignImages {
    private static final int LONGEST_TEXT = 8 << 10;

    private final CallerConnection caller;

    public CallerImages(CallerConnection caller) {
        this.caller = caller;
    }

    @Override
    public Description describe(String name) throws IOException {
        try (Answer answer = caller.ask(Questions.IMAGE.with(name))) {
            DataInputStream in = new DataInputStream(answer);
            String kind = text(in);
            String shown = text(in).replaceAll("\\p{Cntrl}", "?");
            String which = text(in);
            return new Description(kind, shown, which.isEmpty() ? Optional.empty() : Optional.of(which));
        } catch (EOFException e) {
            throw new ProtocolException("an image's description that ended too early");
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return Bytes.toText(Questions.readText(in, LONGEST_TEXT));
    }

    @Override
    public String digest(String name) throws IOException {
        try (Answer answer = caller.ask(Questions.IMAGE_DIGEST.with(name))) {
            return answer.text(LONGEST_TEXT);
        }
    }

    @Override
    public boolean has(String name, String file) throws IOException {
        try (Answer answer = caller.ask(Questions.IMAGE_HAS.with(name, Bytes.ofText(file)))) {
            return answer.read() == 1;
        }
    }

    @Override
    public InputStream open(String name, Optional<String> file) throws IOException {
        return caller.ask(
                file.isPresent()
                        ? Questions.IMAGE_READ.with(name, Bytes.ofText(file.get()))
                        : Questions.IMAGE_READ.with(name));
    }
}
