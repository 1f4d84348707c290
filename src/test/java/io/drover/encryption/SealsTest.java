package io.drover.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.drover.Quick;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Quick
class SealsTest {

    private static final UUID TASK = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final String SECRET = "{\"card\": \"no-digits 1111\", \"n\": 1.50, \"quote\": \"\\\"drv1:\\\"\"}";

    @TempDir
    Path directory;

    private Path keyset;
    private Seals seals;

    @BeforeEach
    void keys() {
        keyset = Keysets.create(directory);
        seals = Seals.with(keyset, true);
    }

    @Test
    void opensWhatItSealed() {
        String stored = seals.seal(SealedColumn.TASK_INPUT, TASK, SECRET);
        assertThat(stored)
                .matches("\"drv1:[0-9]+:" + TASK + "/task\\.input:[A-Za-z0-9_-]+\"")
                .doesNotContain("no-digits");
        assertThat(seals.open(SealedColumn.TASK_INPUT, TASK, stored)).isEqualTo(SECRET);
        assertThat(seals.seal(SealedColumn.TASK_INPUT, TASK, SECRET)).isNotEqualTo(stored);
        assertThat(seals.seal(SealedColumn.TASK_INPUT, TASK, null)).isNull();

        String text = seals.sealText(SealedColumn.APPROVAL_SUMMARY, TASK, "pay \"7\"\nnow");
        assertThat(text).startsWith("drv1:");
        assertThat(seals.openText(SealedColumn.APPROVAL_SUMMARY, TASK, text)).isEqualTo("pay \"7\"\nnow");

        byte[] bytes = {0, 1, -1, 'd', 'r', 'v'};
        byte[] sealed = seals.sealBytes(SealedColumn.SET_ASIDE_PAYLOAD, TASK, bytes);
        assertThat(new String(sealed, StandardCharsets.US_ASCII)).startsWith("drv1:");
        assertThat(seals.openBytes(SealedColumn.SET_ASIDE_PAYLOAD, TASK, sealed))
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"drv1:1:2/a.b:AAAA\"",
                "{\"a\":\"drv1:1:2/a.b:AAAA\",\"drv0:1:\":\"drv0:\"}",
                "[\"drv0:0:drv1:\", \"drv\", 7]",
                "{\"drv1:cause\":\"ab\",\"type\":\"x\"}"
            })
    void readsAsItIsWhatLooksLikeASealedValue(String document) {
        for (Seals some : new Seals[] {seals, Seals.NONE, Seals.with(keyset, false)}) {
            String stored = some.seal(SealedColumn.TASK_INPUT, TASK, document);
            assertThat(some.open(SealedColumn.TASK_INPUT, TASK, stored)).isEqualTo(document);
            assertThat(some.openText(SealedColumn.VOTE_REASON, 7, some.sealText(SealedColumn.VOTE_REASON, 7, document)))
                    .isEqualTo(document);
        }
        String error = seals.seal(SealedColumn.TASK_ERROR, TASK, "{\"type\":" + quoted(document) + "}");
        assertThat(seals.open(SealedColumn.TASK_ERROR, TASK, error)).isEqualTo("{\"type\":" + quoted(document) + "}");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\\\"") + "\"";
    }

    @Test
    void readsWhatIsNotSealed() {
        assertThat(seals.open(SealedColumn.TASK_INPUT, TASK, SECRET.replace("drv1:", "")))
                .contains("no-digits");
        assertThat(Seals.with(keyset, false).seal(SealedColumn.TASK_INPUT, TASK, "{\"a\":1}"))
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void ofAnErrorSaysOnlyItsTypeAndWhatStatementsLookAt() {
        String error = "{\"type\":\"Timeout\",\"message\":\"no answer to order 4711 of Ada\",\"hold\":\"tool:x\"}";
        String stored = seals.seal(SealedColumn.TASK_ERROR, TASK, error);
        assertThat(stored)
                .contains("\"type\":\"Timeout\"", "\"hold\":\"tool:x\"")
                .doesNotContain("Ada", "order");
        assertThat(seals.open(SealedColumn.TASK_ERROR, TASK, stored)).isEqualTo(error);
        String alike = seals.seal(SealedColumn.TASK_ERROR, OTHER, error.replace("4711", "12"));
        assertThat(cause(alike)).isEqualTo(cause(stored)).isIn((Object[]) seals.causes("no answer to order # of Ada"));
        assertThat(cause(seals.seal(SealedColumn.TASK_ERROR, TASK, error.replace("Ada", "Bob"))))
                .isNotEqualTo(cause(stored));
    }

    private static String cause(String error) {
        return error.replaceFirst("^\\{\"drv1:cause\":\"([0-9a-f]{32})\".*", "$1");
    }

    @Test
    void opensWhatTheDatabasePutIntoADocument() {
        String output = seals.seal(SealedColumn.TASK_OUTPUT, TASK, SECRET);
        String error = seals.seal(SealedColumn.TASK_ERROR, TASK, "{\"type\":\"T\",\"message\":\"a \\\"b\\\"\"}");
        String told = "{\"told\" : {\"task\" : \"%s\"}, \"output\" : %s, \"error\" : %s}";
        assertThat(seals.open(SealedColumn.TASK_INPUT, OTHER, told.formatted(TASK, output, error)))
                .isEqualTo(told.formatted(TASK, SECRET, "{\"type\":\"T\",\"message\":\"a \\\"b\\\"\"}"));

        String message = token(error);
        String said = "{\"message\" : \"task:x is dead: %s\", \"task\" : \"%s\"}";
        assertThat(seals.open(SealedColumn.CALL_ERROR, OTHER, said.formatted(message, TASK)))
                .isEqualTo(said.formatted("a \\\"b\\\"", TASK));
        assertThat(seals.openText(SealedColumn.CALL_ERROR, TASK, "is dead: " + message))
                .isEqualTo("is dead: a \"b\"");

        assertThat(seals.open(SealedColumn.CALL_RESULT, OTHER, output, TASK.toString()))
                .isEqualTo(SECRET);
        String heard = "{\"signal\" : %s, \"body\" : %s}";
        String body = seals.seal(SealedColumn.SIGNAL_BODY, 17, SECRET);
        assertThat(seals.open(SealedColumn.CALL_RESULT, OTHER, heard.formatted(17, body)))
                .isEqualTo(heard.formatted(17, SECRET));
        assertThatThrownBy(() -> seals.open(SealedColumn.CALL_RESULT, OTHER, heard.formatted(171, body)))
                .hasMessageContaining("was moved there");
    }

    private static String token(String document) {
        return Pattern.compile("drv1:[0-9]+:[^\"]+")
                .matcher(document)
                .results()
                .findFirst()
                .orElseThrow()
                .group();
    }

    @Test
    void refusesWhatWasMovedOrSwapped() {
        String stored = seals.seal(SealedColumn.TASK_OUTPUT, TASK, SECRET);
        assertThatThrownBy(() -> seals.open(SealedColumn.TASK_OUTPUT, OTHER, stored))
                .isInstanceOf(SealedValueException.class)
                .hasMessageContaining("task.output of row " + OTHER)
                .hasMessageContaining("was moved there");
        assertThatThrownBy(() ->
                        seals.open(SealedColumn.TASK_INPUT, TASK, seals.seal(SealedColumn.CALL_RESULT, TASK, "1")))
                .hasMessageContaining("was moved there");
        // a task's output is no input of another one, unless a document names it
        assertThatThrownBy(() -> seals.open(SealedColumn.TASK_INPUT, OTHER, stored))
                .hasMessageContaining("was moved");
        assertThatThrownBy(() -> seals.open(SealedColumn.CALL_RESULT, OTHER, stored, OTHER.toString()))
                .hasMessageContaining("was moved there");
        // its context rewritten, it is not what was sealed
        String rewritten = stored.replace(TASK.toString(), OTHER.toString());
        assertThatThrownBy(() -> seals.open(SealedColumn.TASK_OUTPUT, OTHER, rewritten))
                .hasMessageContaining("was changed after it was sealed");
    }

    @Test
    void refusesWhatWasChangedOrCut() {
        String stored = seals.seal(SealedColumn.TASK_INPUT, TASK, SECRET);
        for (int end = stored.length() - 2; end > 6; end--) {
            String cut = stored.substring(0, end) + '"';
            assertThatThrownBy(() -> seals.open(SealedColumn.TASK_INPUT, TASK, cut))
                    .as(cut)
                    .isInstanceOf(SealedValueException.class);
        }
        for (int i = stored.lastIndexOf(':') + 1; i < stored.length() - 2; i++) {
            String changed = stored.substring(0, i) + (stored.charAt(i) == 'A' ? 'B' : 'A') + stored.substring(i + 1);
            assertThatThrownBy(() -> seals.open(SealedColumn.TASK_INPUT, TASK, changed))
                    .as(changed)
                    .isInstanceOf(SealedValueException.class)
                    .hasMessageContaining("task.input of row " + TASK)
                    .hasMessageNotContaining("s3cret-words");
        }
    }

    @Test
    void namesAKeyThatItDoesNotHave() {
        String stored = seals.seal(SealedColumn.TASK_INPUT, TASK, SECRET);
        Seals others = Seals.with(Keysets.create(directory), true);
        for (Seals some : new Seals[] {others, Seals.NONE}) {
            assertThatThrownBy(() -> some.open(SealedColumn.TASK_INPUT, TASK, stored))
                    .isInstanceOf(SealedValueException.class)
                    .hasMessageContaining("task.input of row " + TASK)
                    .hasMessageContaining(
                            "is sealed with key " + seals.primary() + ", which this process does not have");
            assertThat(some.forPeople().open(SealedColumn.TASK_INPUT, TASK, stored))
                    .startsWith("\"(task.input of row")
                    .contains(seals.primary())
                    .endsWith(")\"");
        }
    }

    @Test
    void opensWithEachKeyAndSealsWithTheNewest() {
        String before = seals.seal(SealedColumn.TASK_INPUT, TASK, SECRET);
        Seals rotated = Seals.with(Keysets.rotate(directory, keyset), true);
        assertThat(rotated.keys()).hasSize(2).contains(seals.primary());
        assertThat(rotated.primary()).isNotEqualTo(seals.primary());
        assertThat(rotated.open(SealedColumn.TASK_INPUT, TASK, before)).isEqualTo(SECRET);
        assertThat(rotated.seal(SealedColumn.TASK_INPUT, TASK, SECRET)).startsWith("\"drv1:" + rotated.primary() + ":");
    }

    @Test
    void doesNotStartWithAnUnusableKeyset() throws IOException {
        Path missing = directory.resolve("missing.json");
        assertThatThrownBy(() -> Seals.with(missing, true))
                .isInstanceOf(RefusedToStartException.class)
                .hasMessageStartingWith("drover.encryption.keyset (" + missing + ") cannot be read")
                .hasMessageContaining("tinkey create-keyset");
        Files.setPosixFilePermissions(keyset, PosixFilePermissions.fromString("r--r-----"));
        assertThatThrownBy(() -> Seals.with(keyset, true))
                .hasMessageContaining("may be read by others than its owner")
                .hasMessageContaining("chmod 400");
        Path words = file("no keyset, but s3cret-words");
        assertThatThrownBy(() -> Seals.with(words, true))
                .hasMessageContaining("holds no keyset of Tink")
                .hasMessageNotContaining("s3cret-words");
        assertThatThrownBy(() -> Seals.with(Keysets.create(directory, PredefinedAeadParameters.AES128_GCM), true))
                .hasMessageContaining("none of the kind AES256_GCM");
        assertThatThrownBy(
                        () -> Seals.with(Keysets.create(directory, PredefinedAeadParameters.CHACHA20_POLY1305), true))
                .hasMessageContaining("none of the kind AES256_GCM");
    }

    private Path file(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("words.json"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    }
}
