package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What root asks the caller about its files. A question is a byte, and texts (byte strings). */
enum Questions {
    /** What is in the build context: sources, then names to leave out; the answer is a {@link Listings listing}. */
    LIST,
    /** The contents of a file in the build context: its path. */
    READ,
    /** What a base image is that the caller has: its name; the answer is three texts: kind, what messages call it, what of it to take. */
    IMAGE,
    /** The digest of an image that is one archive: its name. */
    IMAGE_DIGEST,
    /** Whether an image has a file: its name, the file's; the answer is a byte. */
    IMAGE_HAS,
    /** The contents of a file of an image: its name, the file's; of one that is one archive, the archive: its name. */
    IMAGE_READ;

    private static final int LONGEST_TEXT = 64 << 10;

    /** A question that was asked. */
    record Asked(Questions question, List<List<String>> arguments) {
        String text(int i) {
            return arguments.get(i).get(0);
        }
    }

    byte[] with(String... arguments) {
        List<List<String>> lists = new ArrayList<>();
        for (String argument : arguments) {
            lists.add(List.of(argument));
        }
        return with(lists);
    }

    byte[] with(List<List<String>> lists) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(ordinal());
            out.writeInt(lists.size());
            for (List<String> list : lists) {
                out.writeInt(list.size());
                for (String text : list) {
                    writeText(out, text);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    static Asked read(byte[] call) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(call));
        int code = in.readByte();
        if (code < 0 || code >= values().length) {
            throw new ProtocolException("the question " + code);
        }
        List<List<String>> lists = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            List<String> list = new ArrayList<>();
            for (int texts = in.readInt(); texts > 0; texts--) {
                list.add(readText(in, LONGEST_TEXT));
            }
            lists.add(list);
        }
        return new Asked(values()[code], lists);
    }

    static void writeText(DataOutputStream out, String byteString) throws IOException {
        out.writeInt(byteString.length());
        out.write(Bytes.toBytes(byteString));
    }

    static String readText(DataInputStream in, int longest) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > longest) {
            throw new ProtocolException("a text of " + length + " bytes, where " + longest + " may be");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return Bytes.of(bytes);
    }
}
