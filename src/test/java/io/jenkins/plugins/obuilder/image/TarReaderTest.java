package io.jenkins.plugins.obuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import io.jenkins.plugins.obuilder.image.TarEntry.Segment;
import io.jenkins.plugins.obuilder.image.TarEntry.Type;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TarReaderTest {
    private record Read(TarEntry entry, String contents) {}

    private static List<Read> read(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        List<Read> all = new ArrayList<>();
        Optional<TarEntry> entry;
        while ((entry = reader.next()).isPresent()) {
            ByteArrayOutputStream contents = new ByteArrayOutputStream();
            byte[] buffer = new byte[100];
            int n;
            while ((n = reader.read(buffer, 0, buffer.length)) >= 0) {
                contents.write(buffer, 0, n);
            }
            all.add(new Read(entry.get(), Bytes.of(contents.toByteArray())));
        }
        return all;
    }

    private static TarEntry only(TarBytes archive) throws IOException {
        List<Read> all = read(archive.bytes());
        assertThat(all).hasSize(1);
        return all.get(0).entry();
    }

    @Test
    void paxNamesAndAttributesAreBytes() throws IOException {
        TarEntry entry = only(new TarBytes()
                .pax(
                        "path",
                        "caf\u00e9/\u00ff\u0080",
                        "SCHILY.xattr.security.capability",
                        "\u0001\u0000\u0000\u0002\n=\u00e9")
                .file("short", "x"));
        assertThat(entry.name()).isEqualTo("caf\u00e9/\u00ff\u0080");
        assertThat(entry.xattrs().get("security.capability")).containsExactly(1, 0, 0, 2, '\n', '=', 0xe9);
    }

    @Test
    void localHeaderStandsForOneMemberGlobalForAllThatFollow() throws IOException {
        List<Read> all = read(new TarBytes()
                .pax('g', "uid", "5", "mtime", "1.5")
                .pax("uid", "6")
                .file("a", "")
                .file("b", "")
                .pax("uid", "")
                .file("c", "")
                .bytes());
        assertThat(all).extracting(read -> read.entry().uid()).containsExactly(6L, 5L, 0L);
        assertThat(all).extracting(read -> read.entry().mtime()).containsOnly(new FileTime(1, 500_000_000));
    }

    @Test
    void gnuLongNameAndLink() throws IOException {
        String name = "n".repeat(300);
        String link = "l".repeat(400);
        TarEntry entry =
                only(new TarBytes().longName('L', name).longName('K', link).symlink("n", "l"));
        assertThat(entry.name()).isEqualTo(name);
        assertThat(entry.link()).isEqualTo(link);
    }

    @Test
    void ustarPrefixIsTakenButGnuTimesInThatPlaceAreNot() throws IOException {
        assertThat(only(new TarBytes().header(new TarBytes.Header('0', "name", 0).text(345, 155, "a/b")))
                        .name())
                .isEqualTo("a/b/name");
        assertThat(only(new TarBytes()
                                .header(new TarBytes.Header('0', "name", 0)
                                        .text(257, 8, "ustar  ")
                                        .text(345, 155, "14000000000")))
                        .name())
                .isEqualTo("name");
    }

    @Test
    void base256NumbersLargeAndNegative() throws IOException {
        TarEntry entry = only(new TarBytes()
                .header(new TarBytes.Header('0', "x", 0)
                        .text(108, 8, "\u0080\0\0\0\u00b2\u00d0\u005e\0")
                        .text(136, 12, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00fe")));
        assertThat(entry.uid()).isEqualTo(0xb2d05e00L);
        assertThat(entry.mtime()).isEqualTo(new FileTime(-2, 0));
    }

    @ParameterizedTest
    @CsvSource({"-1.25,-2,750000000", "-1,-1,0", "-0.5,-1,500000000", "12.000000001999,12,1", "7.,7,0", "-0,0,0"})
    void mtimeWithFraction(String text, long seconds, int nanos) throws IOException {
        assertThat(only(new TarBytes().pax("mtime", text).file("x", "")).mtime())
                .isEqualTo(new FileTime(seconds, nanos));
    }

    @Test
    void linksAndDirectoriesHaveNoDataWhateverTheirSizeSays() throws IOException {
        List<Read> all = read(new TarBytes()
                .header(new TarBytes.Header('5', "d", 700))
                .header(new TarBytes.Header('1', "l", 700).link("d"))
                .file("f", "contents")
                .bytes());
        assertThat(all).extracting(Read::contents).containsExactly("", "", "contents");
    }

    @Test
    void fileWithSlashAtItsEndIsADirectoryAsBeforeUstar() throws IOException {
        assertThat(only(new TarBytes().header(new TarBytes.Header((char) 0, "d/", 0).text(257, 8, "")))
                        .type())
                .isEqualTo(Type.DIRECTORY);
    }

    @Test
    void oldSparseFileWithFurtherBlocks() throws IOException {
        TarBytes.Header header =
                new TarBytes.Header('S', "s", 50).text(257, 8, "ustar  ").octal(483, 12, 10_000);
        for (int i = 0; i < 4; i++) {
            header.octal(386 + 24 * i, 12, 1000 * i).octal(398 + 24 * i, 12, 10);
        }
        header.text(482, 1, "\u0001");
        String further = String.format("%011o\0%011o\0", 9000, 10);
        List<Read> all = read(new TarBytes()
                .header(header)
                .data(further + "\0".repeat(480))
                .data("0123456789".repeat(5))
                .bytes());
        assertThat(all.get(0).entry().size()).isEqualTo(10_000);
        assertThat(all.get(0).entry().segments()).hasSize(5).endsWith(new Segment(9000, 10));
        assertThat(all.get(0).contents()).hasSize(50);
    }

    @Test
    void libarchiveAttributesAreDecodedAndItsExactFormWins() throws IOException {
        TarEntry entry = only(new TarBytes()
                .pax(
                        "LIBARCHIVE.xattr.user.a%3Db+c",
                        "AP8", "LIBARCHIVE.xattr.user.x", "eA==", "SCHILY.xattr.user.x", "exact")
                .file("x", ""));
        assertThat(entry.xattrs().get("user.a=b+c")).containsExactly(0, 0xff);
        assertThat(entry.xattrs().get("user.x")).isEqualTo(Bytes.toBytes("exact"));
    }

    @Test
    void aclAsTextBecomesWhatLinuxKeeps() throws IOException {
        TarEntry entry = only(new TarBytes()
                .pax("SCHILY.acl.access", "user::rw-,user:bob:rwx:12,group::r--,group:7:-w-,mask::rwx,other::---")
                .file("x", ""));
        assertThat(entry.xattrs().get("system.posix_acl_access"))
                .startsWith(2, 0, 0, 0)
                .hasSize(4 + 6 * 8);
        assertThat(Arrays.copyOfRange(entry.xattrs().get("system.posix_acl_access"), 12, 20))
                .containsExactly(2, 0, 7, 0, 12, 0, 0, 0);
    }

    @Test
    void endWithoutZeroBlocksIsAnEnd() throws IOException {
        assertThat(read(new TarBytes().file("a", "x").open())).hasSize(1);
        assertThat(read(new byte[0])).isEmpty();
    }

    @Test
    void whatFollowsTheEndIsReadButMeansNothing() throws IOException {
        byte[] archive = new TarBytes()
                .file("a", "")
                .data("\0".repeat(1024))
                .file("b", "")
                .bytes();
        ByteArrayInputStream in = new ByteArrayInputStream(archive);
        TarReader reader = new TarReader(in);
        assertThat(reader.next()).isPresent();
        assertThat(reader.next()).isEmpty();
        assertThat(in.available()).isZero();
    }

    @Test
    void everyCutInTheMiddleIsNoticed() {
        byte[] archive =
                new TarBytes().pax("path", "p").file("a", "x".repeat(600)).open();
        for (int length = 1; length < archive.length; length++) {
            byte[] cut = Arrays.copyOf(archive, length);
            assertThatThrownBy(() -> read(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(ImageException.class)
                    .hasMessageContaining("cut off");
        }
    }

    @Test
    void everyChangedByteOfAHeaderIsNoticed() {
        byte[] archive = new TarBytes().file("name", "x").bytes();
        for (int at = 0; at < 512; at++) {
            byte[] bent = archive.clone();
            bent[at] ^= 0x41;
            if (at == 155) { // the blank behind the checksum means nothing
                continue;
            }
            assertThatThrownBy(() -> read(bent)).as("byte %d", at).isInstanceOf(ImageException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "uid,-1,out of range",
        "gid,4294967295,out of range",
        "uid,x,no number",
        "size,-5,negative",
        "size,99999999999999999999,no number",
        "mtime,1e9999999,no time",
        "GNU.sparse.map,'5,10,0,3',damaged",
        "LIBARCHIVE.xattr.user.a,***,damaged",
        "SCHILY.acl.access,user:bob:rwx,--numeric-owner",
        "SCHILY.xattr.,x,impossible name"
    })
    void nonsenseInPaxRecordsIsAnErrorThatNamesTheMember(String key, String value, String expected) {
        byte[] archive =
                new TarBytes().pax(key, value).file("victim", "contents").bytes();
        assertThatThrownBy(() -> read(archive))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("victim")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource({"'7 a=b\n'", "'6 a=b'", "'99999999999999999999 a=b\n'", "' a=b\n'", "'5 ab\n'", "'2 \n'"})
    void damagedPaxRecords(String records) {
        assertThatThrownBy(() ->
                        read(new TarBytes().rawPax('x', records).file("a", "").bytes()))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("pax header is damaged");
    }

    @Test
    void hugeHeadersAreRefusedBeforeTheyAreRead() {
        byte[] archive =
                new TarBytes().header(new TarBytes.Header('x', "p", 1L << 32)).bytes();
        assertThatThrownBy(() -> read(archive)).hasMessageContaining("at most");
    }

    @Test
    void unknownTypesAndFurtherVolumesAreRefused() {
        assertThatThrownBy(() -> read(
                        new TarBytes().header(new TarBytes.Header('M', "m", 0)).bytes()))
                .hasMessageContaining("volume");
        assertThatThrownBy(() -> read(
                        new TarBytes().header(new TarBytes.Header('Z', "z", 0)).bytes()))
                .hasMessageContaining("unknown type");
    }
}
