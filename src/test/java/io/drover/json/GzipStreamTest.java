package io.drover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What is compressed by gzip is read to its end, however it arrives. */
@Quick
class GzipStreamTest {

    @Test
    void readsAMemberThatArrivesLate() throws Exception {
        assertThat(read(member("one,"), member("two,"), member("three"))).isEqualTo("one,two,three");
    }

    @Test
    void endsWhereThereIsNoMore() throws Exception {
        assertThat(read(member("one"))).isEqualTo("one");
    }

    @Test
    void aMemberThatIsCutOffIsNoEnd() throws Exception {
        byte[] two = member("two");

        assertThatThrownBy(() -> read(member("one"), Arrays.copyOf(two, two.length - 9)))
                .isInstanceOf(EOFException.class);
    }

    private static String read(byte[]... arriving) throws IOException {
        List<InputStream> parts =
                Arrays.stream(arriving).<InputStream>map(Late::new).toList();
        try (InputStream in = GzipStream.of(new SequenceInputStream(Collections.enumeration(parts)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] member(String text) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return zipped.toByteArray();
    }

    /** As a connection whose next bytes are not here yet. */
    private static final class Late extends ByteArrayInputStream {

        Late(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int available() {
            return 0;
        }
    }
}
