package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.engine.CopyFiles;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Places;
import io.jenkins.plugins.obuilder.image.ForeignImages;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A caller's files, as it answers root's questions about them: with its own rights, and no more than it named itself. */
public final class CallerFiles implements RootConnection.Files {
    private final Path context;
    private final ForeignImages images;
    private final CopyFiles copies = CopyFiles.ofThisMachine();
    private final Cancellation cancellation;

    /** @param context the build context */
    public CallerFiles(Path context, ForeignImages images, Cancellation cancellation) {
        this.context = context;
        this.images = images;
        this.cancellation = cancellation;
    }

    @Override
    public void answer(byte[] question, OutputStream reply) throws IOException {
        Questions.Asked asked = Questions.read(question);
        switch (asked.question()) {
            case LIST -> list(asked.arguments().get(0), asked.arguments().get(1), reply);
            case READ -> read(asked.text(0), reply);
            case IMAGE -> describe(images.describe(asked.text(0)), reply);
            case IMAGE_DIGEST -> reply.write(images.digest(asked.text(0)).getBytes(StandardCharsets.UTF_8));
            case IMAGE_HAS -> reply.write(images.has(asked.text(0), asked.text(1)) ? 1 : 0);
            case IMAGE_READ -> image(asked, reply);
        }
    }

    private void list(List<String> sources, List<String> exclude, OutputStream reply) throws IOException {
        try (CopyFiles.Listing listing = copies.list(context, sources, exclude, cancellation)) {
            Listings.write(context, listing.manifests(), reply);
        }
    }

    private void read(String path, OutputStream reply) throws IOException {
        List<String> parts = Places.split(path);
        Dir at = Dir.open(context);
        try {
            for (String part : parts.subList(0, parts.size() - 1)) {
                Dir next = at.openDir(part);
                at.close();
                at = next;
            }
            try (OpenFile file = at.openFile(parts.get(parts.size() - 1))) {
                pass(file.input(), reply);
            }
        } finally {
            at.close();
        }
    }

    private static void describe(ForeignImages.Description image, OutputStream reply) throws IOException {
        DataOutputStream out = new DataOutputStream(reply);
        Questions.writeText(out, Bytes.ofText(image.kind()));
        Questions.writeText(out, Bytes.ofText(image.shown()));
        Questions.writeText(out, Bytes.ofText(image.which().orElse("")));
        out.flush();
    }

    private void image(Questions.Asked asked, OutputStream reply) throws IOException {
        Optional<String> file = asked.arguments().size() > 1 ? Optional.of(asked.text(1)) : Optional.empty();
        try (InputStream in = images.open(asked.text(0), file)) {
            pass(in, reply);
        }
    }

    private static void pass(InputStream in, OutputStream reply) throws IOException {
        byte[] buffer = new byte[Frame.LARGEST];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            reply.write(buffer, 0, n);
        }
    }
}
