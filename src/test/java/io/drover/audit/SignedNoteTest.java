package io.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Notes as C2SP signed-note defines them. */
@Quick
class SignedNoteTest {

    /** The example of Go's package note, which signs Go's checksum database. */
    private static final String KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private static final String NOTE =
            """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
            """;

    @TempDir
    Path directory;

    @Test
    void readsAndChecksANoteOfAnotherProgram() {
        SignedNote note = SignedNote.parse(NOTE);
        NoteVerifier key = NoteVerifier.parse(KEY);

        assertThat(key.verifies(note)).isTrue();
        assertThat(key.text()).isEqualTo(KEY);
        assertThat(note.render()).isEqualTo(NOTE);
        assertThat(key.verifies(SignedNote.parse(NOTE.replace("answer", "cause"))))
                .isFalse();
        assertThat(key.verifies(new SignedNote(note.text(), List.of()))).isFalse();
    }

    @Test
    void signsWithAKeyOfAFile() throws Exception {
        NoteSigner signer = NoteSigner.read("example.com/drover", key());
        Checkpoint checkpoint = new Checkpoint("example.com/drover", 12, ConsistencyProof.root(List.of()));

        String note = signer.sign(checkpoint.text()).render();
        NoteVerifier verifier = NoteVerifier.parse(signer.verifier().text());

        assertThat(verifier.verifies(SignedNote.parse(note))).isTrue();
        assertThat(Checkpoint.parse(SignedNote.parse(note).text())).isEqualTo(checkpoint);
        assertThat(verifier.verifies(SignedNote.parse(note.replace("\n12\n", "\n13\n"))))
                .isFalse();
        assertThat(NoteSigner.read("example.com/drover", otherKey()).verifier().verifies(SignedNote.parse(note)))
                .isFalse();
        assertThat(NoteSigner.read("other", key()).verifier().verifies(SignedNote.parse(note)))
                .as("a key of another name")
                .isFalse();
    }

    /** By its PEM, which `openssl genpkey -algorithm ed25519` writes; the public half is that of RFC 8032, 7.1, test 1. */
    @Test
    void hasThePublicHalfOfItsKey() throws Exception {
        Path file = Files.writeString(
                directory.resolve("rfc.pem"),
                """
                -----BEGIN PRIVATE KEY-----
                MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
                -----END PRIVATE KEY-----
                """);
        NoteSigner signer = NoteSigner.read("rfc", file);

        assertThat(HexFormat.of().formatHex(signer.verifier().raw())).startsWith("d75a980182b10ab7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\n!\n"
            })
    void refusesAFileWithoutAKeyAndShowsNothingOfIt(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("none.pem"), content);

        assertThatThrownBy(() -> NoteSigner.read("drover", file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.pem holds no Ed25519 key")
                .hasMessageContaining("openssl genpkey")
                .hasNoCause();
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> NoteSigner.read("drover", directory.resolve("gone.pem")))
                .hasMessageContaining("gone.pem cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "a+b", "a+b+c", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"})
    void refusesAKeyThatIsNone(String key) {
        assertThatThrownBy(() -> NoteVerifier.parse(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\n", "a\n\n- b AAAA\n", "a\n\n— b\n", "a\n\n— b AAAA\n"})
    void refusesANoteThatIsNone(String note) {
        assertThatThrownBy(() -> SignedNote.parse(note)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n",
                "a\nx\nAAAA\n",
                "a\n-1\nAAAA\n",
                "a\n01\nAAAA\n",
                "a\n1\nAAAA\n",
                "\n1\nAAAA\n",
                "a\n1\n!\n"
            })
    void refusesACheckpointThatIsNone(String text) {
        assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private Path key() throws IOException, GeneralSecurityException {
        return Keys.write(directory.resolve("key.pem"));
    }

    private Path otherKey() throws IOException, GeneralSecurityException {
        return Keys.write(directory.resolve("other.pem"));
    }
}
