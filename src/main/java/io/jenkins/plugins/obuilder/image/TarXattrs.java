package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The extended attributes and ACLs in a member's pax records. */
final class TarXattrs {
    private static final String SCHILY = "SCHILY.xattr.";
    private static final String LIBARCHIVE = "LIBARCHIVE.xattr.";

    private TarXattrs() {}

    static SortedMap<String, byte[]> of(PaxRecords pax) throws ImageException {
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        for (PaxRecords.Pair pair : pax.pairs()) {
            String key = pair.key();
            if (key.startsWith(SCHILY)) {
                xattrs.put(schilyName(key.substring(SCHILY.length())), pair.value());
            } else if (key.startsWith(LIBARCHIVE)) {
                // bsdtar writes both forms; the other one is exact already
                xattrs.putIfAbsent(urlDecoded(key.substring(LIBARCHIVE.length())), base64(pair.value()));
            } else if (key.equals("SCHILY.acl.access") && pair.value().length > 0) {
                xattrs.putIfAbsent("system.posix_acl_access", PosixAcl.toXattr(Bytes.of(pair.value())));
            } else if (key.equals("SCHILY.acl.default") && pair.value().length > 0) {
                xattrs.putIfAbsent("system.posix_acl_default", PosixAcl.toXattr(Bytes.of(pair.value())));
            }
        }
        for (String name : xattrs.keySet()) {
            if (name.isEmpty() || name.indexOf(0) >= 0) {
                throw new ImageException("it has an extended attribute with an impossible name");
            }
        }
        return Collections.unmodifiableSortedMap(xattrs);
    }

    /** GNU tar writes {@code =} and {@code %} in a name as {@code %3D} and {@code %25}, and nothing else so. */
    private static String schilyName(String name) {
        return name.replace("%3D", "=").replace("%25", "%");
    }

    private static String urlDecoded(String name) throws ImageException {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new ImageException(
                    "the name of its extended attribute " + ImageException.quote(name) + " is damaged", e);
        }
    }

    private static byte[] base64(byte[] value) throws ImageException {
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw new ImageException("the value of its extended attribute is damaged", e);
        }
    }
}
