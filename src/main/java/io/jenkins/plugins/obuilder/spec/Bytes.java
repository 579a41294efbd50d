package io.jenkins.plugins.obuilder.spec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Byte strings: strings in which every char is one byte. */
public final class Bytes {
    private Bytes() {}

    /** The byte string of these bytes. */
    public static String of(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /** The byte string of this text's UTF-8 form. */
    public static String ofText(String text) {
        return of(text.getBytes(UTF_8));
    }

    /** The bytes of a byte string. */
    public static byte[] toBytes(String byteString) {
        return byteString.getBytes(ISO_8859_1);
    }

    /** The byte string read as UTF-8, for people and for JSON; bytes that are not UTF-8 become U+FFFD. */
    public static String toText(String byteString) {
        return new String(toBytes(byteString), UTF_8);
    }
}
