package io.drover.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** Where values come from, what stands for them, and which texts hide them. */
@Quick
class SecretsTest {

    @TempDir
    Path directory;

    @Test
    void aFileCountsBeforeAVariableAndAfterEachChange() throws IOException {
        Secrets secrets = secrets(Map.of("DROVER_SECRET_CRM_TOKEN", "of-the-environment", "CRM_TOKEN", "of-no-one"));
        assertThat(secrets.value("crm-token")).isEqualTo("of-the-environment");

        Files.writeString(directory.resolve("crm-token"), "of-the-file\n");
        assertThat(secrets.value("crm-token")).isEqualTo("of-the-file");
        Files.writeString(directory.resolve("crm-token"), "rotated-value");
        assertThat(secrets.value("crm-token")).isEqualTo("rotated-value");
        Files.delete(directory.resolve("crm-token"));
        assertThat(secrets.value("crm-token")).isEqualTo("of-the-environment");
    }

    /** Kubernetes replaces the directory behind a link when a Secret changes. */
    @Test
    void followsTheLinksThatKubernetesReplaces() throws IOException {
        for (String version : List.of("..1", "..2")) {
            Files.createDirectory(directory.resolve(version));
            Files.writeString(directory.resolve(version).resolve("key"), "value-" + version);
        }
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(directory.resolve("key"), Path.of("..data", "key"));
        Secrets secrets = secrets(Map.of());
        assertThat(secrets.value("key")).isEqualTo("value-..1");

        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2"));
        Files.move(
                directory.resolve("..data_tmp"),
                directory.resolve("..data"),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        assertThat(secrets.value("key")).isEqualTo("value-..2");
    }

    @Test
    void aMissingOneSaysWhereItWasLookedForAndTheWayOut() {
        assertThat(secrets(Map.of()).problem("crm-token"))
                .isEqualTo(
                        "the secret 'crm-token' does not exist; write the file %s, or set the variable DROVER_SECRET_CRM_TOKEN",
                        directory.resolve("crm-token"));
        assertThat(new Secrets(new SecretProperties(null), Map.of()).problem("crm-token"))
                .isEqualTo(
                        "the secret 'crm-token' does not exist; set the variable DROVER_SECRET_CRM_TOKEN, or drover.secrets.directory and a file of this name in it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two\nlines", "tab\there"})
    void aValueIsOneLine(String value) throws IOException {
        Files.writeString(directory.resolve("odd"), value);

        assertThat(secrets(Map.of()).problem("odd")).contains("the secret 'odd' is empty or has more than one line");
    }

    @Test
    void whatIsForeignIsBounded() throws IOException {
        Files.writeString(directory.resolve("long"), "x".repeat(20_000));
        Files.write(directory.resolve("bytes"), new byte[] {(byte) 0xC3, 0x28});
        Files.createDirectory(directory.resolve("directory"));

        assertThat(secrets(Map.of()).problem("long")).contains("is longer than 16384 bytes");
        assertThat(secrets(Map.of()).problem("bytes")).contains("is not UTF-8 text");
        assertThat(secrets(Map.of()).problem("directory")).contains("is not a file");
    }

    @Test
    void refusesADirectoryThatIsNone() {
        assertThatThrownBy(() -> new Secrets(new SecretProperties(directory.resolve("none")), Map.of()))
                .isInstanceOf(RefusedToStartException.class)
                .hasMessageContaining("drover.secrets.directory (%s) is not a directory", directory.resolve("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../key", "a/b", ".hidden", "crm token", "crm:default", "${x}", "x\ny"})
    void refusesNamesThatAreNone(String name) {
        assertThatThrownBy(() -> SecretReference.of(name)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Data cannot name a secret: it does not know the key of this process. */
    @Test
    void onlyAReferenceOfThisProcessIsOne() throws IOException {
        Files.writeString(directory.resolve("key"), "the-value");
        Secrets secrets = secrets(Map.of());
        String reference = SecretReference.of("key");

        assertThat(secrets.resolved("a " + reference + "b", value -> value)).isEqualTo("a the-valueb");
        String forged = "drover-secret-key-00000000000000000000000000000000 {{secret:key}}";
        assertThat(secrets.resolved(forged, value -> value)).isEqualTo(forged);
        assertThat(SecretReference.isIn(forged)).isFalse();
        assertThat(SecretReference.isIn("x" + reference)).isTrue();
        assertThat(java.net.URLEncoder.encode(reference, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(reference);
    }

    @Test
    void textsHideValuesInEveryForm() throws IOException {
        String value = "s3cr\"t+of \\the/day é";
        Files.writeString(directory.resolve("hidden"), value);
        secrets(Map.of()).value("hidden");

        for (String form : List.of(
                value,
                "s3cr\\\"t+of \\\\the/day é",
                "s3cr%22t%2Bof%20%5Cthe%2Fday%20%C3%A9",
                "s3cr%22t%2Bof+%5Cthe%2Fday+%C3%A9",
                java.util.Base64.getEncoder()
                        .encodeToString(value.getBytes(java.nio.charset.StandardCharsets.UTF_8)))) {
            assertThat(KnownSecrets.hidden("<" + form + ">")).isEqualTo("<[hidden:hidden]>");
        }
        assertThat(KnownSecrets.hiddenIn(Map.of("a", List.of(value, 1), "b" + value, "c")))
                .isEqualTo(Map.of("a", List.of("[hidden:hidden]", 1), "b[hidden:hidden]", "c"));
    }

    @Test
    void aNumberThatIsASecretIsHidden() throws IOException {
        Files.writeString(directory.resolve("pin"), "8460193275");
        secrets(Map.of()).value("pin");

        assertThat(KnownSecrets.hiddenIn(List.of(8460193275L, 84L))).isEqualTo(List.of("[hidden:pin]", 84L));
    }

    @Test
    void aShortValueHidesNoWords() throws IOException {
        Files.writeString(directory.resolve("short"), "seven77");
        secrets(Map.of()).value("short");

        assertThat(KnownSecrets.hidden("seven77")).isEqualTo("seven77");
    }

    @ParameterizedTest
    @CsvSource({
        "drover.models.default.api-key, true",
        "DROVER_MODELS_DEFAULT_APIKEY, true",
        "drover.models[llama3:8b].headers.X-Key, true",
        "drover.models.default.headers.X-Key, true",
        "drover.mcp.shop.authorization, true",
        "drover.mcp.shop.headers.X-Key, true",
        "drover.mcp.shop.url, false",
        "drover.datasources.orders.password, false",
        "spring.datasource.password, false",
        "camel.component.kafka.sasl-jaas-config, false",
        "support.crm.token, true"
    })
    void settingsHoldSecretsOnlyWhereTheirValueIsPutIn(String setting, boolean allowed) {
        MockEnvironment environment = new MockEnvironment().withProperty(setting, "Bearer {{secret:crm-token}}");

        if (allowed) {
            assertThat(ConfiguredSecrets.problems(environment)).isEmpty();
        } else {
            assertThat(ConfiguredSecrets.problems(environment))
                    .singleElement()
                    .asString()
                    .startsWith(setting + ": {{secret:...}} has no value here");
        }
    }

    private Secrets secrets(Map<String, String> environment) {
        return new Secrets(new SecretProperties(directory), environment);
    }
}
