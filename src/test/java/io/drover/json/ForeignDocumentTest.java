package io.drover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes become the document that their Content-Type says they are, or are refused: never a mangled text. */
@Quick
class ForeignDocumentTest {

    private static final String TEXT = "Müller Straße 5 €";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain; charset=ISO-8859-15        | ISO-8859-15",
                "text/plain; charset=\"windows-1252\"   | windows-1252",
                "text/plain;charset='UTF-16'            | UTF-16",
                "text/csv; header=present; CharSet=utf-16le | UTF-16LE",
                "text/xml; charset=utf-32               | UTF-32",
                "text/plain; charset=us-ascii           | UTF-8",
                "text/plain                             | UTF-8",
                "application/vnd.acme; charset=cp1252   | windows-1252",
                "                                       | UTF-8",
            })
    void textIsReadInItsCharset(String type, String charset) throws Exception {
        assertThat(read(TEXT.getBytes(Charset.forName(charset)), type).value()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/xml                 | ISO-8859-15  | <?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><a>",
                "application/soap+xml     | windows-1252 | <?xml version='1.0' encoding = 'cp1252' ?>",
                "                         | ISO-8859-15  | <?xml version=\"1.0\" encoding=\"iso-8859-15\"?>",
                "text/html                | windows-1252 | <!DOCTYPE html><head><meta charset=windows-1252>",
                "text/html                | ISO-8859-15  | <META http-equiv=x content='text/html; charset=ISO-8859-15'>",
                "application/xhtml+xml    | ISO-8859-15  | <?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><meta charset=x>",
                "text/xml; charset=utf-8  | UTF-8        | <?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>",
                "text/xml                 | UTF-8        | <?xml version=\"1.0\" encoding=\"UTF-16\"?>",
                "text/xml                 | UTF-8        | <a encoding=\"ISO-8859-15\">",
                "text/plain               | UTF-8        | <meta charset=ISO-8859-15>",
            })
    void whereTheTypeIsSilentADocumentMayNameItsCharset(String type, String charset, String beginning)
            throws Exception {
        String text = beginning + TEXT;

        assertThat(read(text.getBytes(Charset.forName(charset)), type).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                       | UTF-8",
                "application/json; charset=ISO-8859-15  | ISO-8859-15",
                "application/problem+json; charset=utf-16 | UTF-16",
                "text/plain                             | UTF-8",
                "                                       | UTF-8",
            })
    void jsonIsReadInItsCharset(String type, String charset) throws Exception {
        byte[] bytes = "{\"name\":\"%s\"}".formatted(TEXT).getBytes(Charset.forName(charset));

        assertThat(read(bytes, type).value()).isEqualTo(Map.of("name", TEXT));
    }

    @ParameterizedTest
    @CsvSource({"EFBBBF,UTF-8", "FEFF,UTF-16BE", "FFFE,UTF-16LE", "0000FEFF,UTF-32BE", "FFFE0000,UTF-32LE"})
    void aByteOrderMarkTellsTheEncodingAndIsNoText(String mark, String charset) throws Exception {
        for (String type : List.of("application/json", "text/plain", "text/plain; charset=ISO-8859-1", "")) {
            byte[] bytes = concat(
                    java.util.HexFormat.of().parseHex(mark), "{\"ok\":\"ü\"}".getBytes(Charset.forName(charset)));

            assertThat(read(bytes, type).value()).as(type).isEqualTo(Map.of("ok", "ü"));
        }
        assertThat(ForeignDocument.of("\uFEFF{\"ok\":true}", ContentType.NONE).value())
                .isEqualTo(Map.of("ok", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-ndjson                   | {\"a\":1}~{\"a\":2}~",
                "application/jsonl; charset=utf-8       | {\"a\":1}~~{\"a\":2}",
                "application/x-jsonlines                | ~{\"a\":1}~{\"a\":2}",
                "application/json-seq                   | ^{\"a\":1}~^{\"a\":2}~",
                "application/geo+json-seq               | ^{\"a\":~1}~^{\"a\":2}~",
                "application/stream+json                | {\"a\":1}~{\"a\":2}",
                "application/vnd.elasticsearch+x-ndjson; compatible-with=8 | {\"a\":1}~{\"a\":2}~",
                "text/x-ndjson                          | {\"a\":1}~{\"a\":2}~",
            })
    void aDocumentALineIsAListOfDocuments(String type, String text) throws Exception {
        byte[] bytes = text.replace('~', '\n').replace('^', '\u001E').getBytes(StandardCharsets.UTF_8);

        assertThat(read(bytes, type).value()).isEqualTo(List.of(Map.of("a", 1), Map.of("a", 2)));
        assertThat(read(new byte[0], type).value()).isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain; charset=klingon      | Grüße        | charset 'klingon' of its Content-Type is not known",
                "text/plain; charset=not a name   | Grüße        | charset 'not a name' of its Content-Type is not known",
                "text/csv                         | Grüße        | it is not UTF-8",
                "text/xml     | <?xml version='1.0' encoding='klingon'?>Grüße | charset 'klingon' that it declares is not known",
                "text/xml     | <?xml version='1.0' encoding='utf-8'?>Grüße   | declared as text in UTF-8, but its bytes",
                "application/json                 | \"Grüße\"    | it is not UTF-8",
                "text/csv; charset=utf-8          | Grüße        | declared as text in UTF-8, but its bytes are not",
            })
    void whatIsNotInItsCharsetIsRefused(String type, String text, String why) {
        assertThatThrownBy(() -> read(text.getBytes(StandardCharsets.ISO_8859_1), type))
                .isInstanceOf(UnreadableTextException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatIsNotTheJsonThatItSaysItIsIsRefused() {
        assertThatThrownBy(() -> read("hello".getBytes(StandardCharsets.UTF_8), "application/vnd.api+json"))
                .hasMessageContaining("declared as application/vnd.api+json but is not JSON");
        assertThatThrownBy(() -> read("{}\nhello\n".getBytes(StandardCharsets.UTF_8), "application/x-ndjson"))
                .hasMessageContaining("declared as application/x-ndjson but is not JSON: document 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image/png                 | 89504E470D0A1A0A | image/png",
                "image/png                 | 7465787420       | image/png",
                "application/pdf; x=y      | 255044462D312E34 | application/pdf",
                "application/octet-stream  | FFD8FFE0         | application/octet-stream",
                "application/vnd.acme      | 00017F           | application/vnd.acme",
                "                          | 1F8B08           | application/octet-stream",
                "                          | FEFF0378FFFF0379 | application/octet-stream",
            })
    void whatIsNoTextIsItsTypeAndItsBytes(String type, String hex, String named) throws Exception {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);

        assertThat(read(bytes, type).value())
                .isEqualTo(Map.of(
                        "contentType", named, "base64", Base64.getEncoder().encodeToString(bytes)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/octet-stream | {\"a\":1}",
                "image/svg+xml            | <svg/>",
                "application/x-sh         | echo 'ä'",
            })
    void whatCanOnlyBeTextIsText(String type, String text) throws Exception {
        Object expected = text.startsWith("{") ? Map.of("a", 1) : text;

        assertThat(read(text.getBytes(StandardCharsets.UTF_8), type).value()).isEqualTo(expected);
    }

    /** Whatever comes, it is read as it is, or refused in words. */
    @Test
    void noBytesAreMangled() throws Exception {
        for (int seed = 0; seed < 5_000; seed++) {
            neverMangled(new Random(seed));
        }
    }

    private void neverMangled(Random random) throws Exception {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        String type = List.of(
                        "", "application/octet-stream", "text/plain", "application/json; charset=utf-16", "image/gif")
                .get(random.nextInt(5));
        try {
            Object value = read(bytes, type).value();
            if (value instanceof Map<?, ?> map && map.containsKey("base64")) {
                assertThat(Base64.getDecoder().decode((String) map.get("base64")))
                        .isEqualTo(bytes);
            } else if (value instanceof String text && bytes.length > 3 && (bytes[0] & 0xff) < 0xEF && bytes[0] != 0) {
                assertThat(text.getBytes(StandardCharsets.UTF_8)).isEqualTo(bytes);
            }
        } catch (UnreadableTextException | ForeignDocument.NotJsonException e) {
            assertThat(e.getMessage()).contains(" not");
        }
    }

    private static ForeignDocument read(byte[] bytes, String type) throws Exception {
        return ForeignDocument.of(bytes, ContentType.of(type));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
