package io.drover.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What configuration may say of a model's requests; anything else stops the start. */
@Tag("quick")
class RequestRulesTest {

    private static ModelSettings settings(Map<String, String> of) {
        Map<String, String> all = new HashMap<>(
                Map.of("drover.models.some.url", "http://localhost/v1", "drover.models.some.model", "some"));
        of.forEach((name, value) -> all.put("drover.models.some." + name, value));
        return new Binder(new MapConfigurationPropertySource(all))
                .bind("drover", ModelProperties.class)
                .get()
                .models()
                .get("some");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url | ftp://localhost | drover.models.some.url must be an http or https address",
                "url | localhost:8080 | drover.models.some.url must be an http or https address",
                "url | http://user:secret@localhost | drover.models.some.url must be an http or https address",
                "url | http://local host | drover.models.some.url must be an http or https address",
                "api-key-header | a b | drover.models.some.api-key-header must be the name of a header",
                "api-key-header | Host | drover.models.some.api-key-header must be the name of a header",
                "headers.content-length | 5 | drover.models.some.headers.content-length must be the name of a header",
                "headers.x-some | ä | drover.models.some.headers.x-some must be one line",
                "body | {\"n\":2} | drover.models.some.body must not set [n], which Drover sets",
                "body | {\"stream\":true,\"model\":\"x\"} | drover.models.some.body must not set [model, stream]",
                "body | [1] | drover.models.some.body must be a JSON object, as in {\"reasoning_effort\"",
                "body | {x} | drover.models.some.body is not JSON"
            })
    void refusesByName(String name, String value, String sentence) {
        Throwable refused = catchThrowable(() -> settings(Map.of(name, value)));

        assertThat(refused).hasRootCauseInstanceOf(Exception.class);
        assertThat(
                        refused.getCause().getCause() == null
                                ? refused.getCause()
                                : refused.getCause().getCause())
                .hasMessageStartingWith(sentence)
                .hasMessageNotContaining("secret@");
    }

    @Test
    void anotherLibraryWritesItsOwnBody() {
        assertThat(catchThrowable(() -> settings(Map.of("type", "some.Model", "body", "{}"))))
                .rootCause()
                .hasMessageContaining("drover.models.some.body is for models of type openai");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1, gpt-4o, MAX_COMPLETION_TOKENS, true",
        "https://x.openai.azure.com/openai/deployments/d?api-version=1, any, MAX_COMPLETION_TOKENS, true",
        "https://api.groq.com/openai/v1, llama, MAX_COMPLETION_TOKENS, false",
        "http://localhost/v1, o3-mini, MAX_COMPLETION_TOKENS, true",
        "http://localhost/v1, openai/gpt-5-mini, MAX_COMPLETION_TOKENS, true",
        "http://localhost/v1, gpt-4o, MAX_TOKENS, true",
        "http://localhost/v1, openai/gpt-oss-120b, MAX_TOKENS, false",
        "https://api.mistral.ai/v1, mistral-large, MAX_TOKENS, false",
        "http://localhost/v1, llama3.2, MAX_TOKENS, false"
    })
    void theProviderIsKnownByAddressAndModel(String url, String model, Dialect.OutputField field, boolean plain) {
        ModelSettings settings = settings(Map.of("url", url, "model", model));

        assertThat(Dialect.outputField(settings)).isEqualTo(field);
        assertThat(Dialect.wantsPlainRoot(settings)).isEqualTo(plain);
        assertThat(Dialect.outputField(
                        settings(Map.of("url", url, "model", model, "max-output-tokens-field", "max_tokens"))))
                .isEqualTo(Dialect.OutputField.MAX_TOKENS);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/v1, http://h/v1/chat/completions",
        "http://h/v1/, http://h/v1/chat/completions",
        "http://h/v1/chat/completions, http://h/v1/chat/completions",
        "http://h/d?api-version=1, http://h/d/chat/completions?api-version=1"
    })
    void thePathIsAddedBeforeTheQuery(String base, String url) {
        assertThat(CompletionsClient.url(base)).isEqualTo(url);
    }

    /** A server may refuse its own thoughts. */
    @ParameterizedTest
    @CsvSource({"some, true, true", "some, false, false", "another, true, false"})
    void thoughtsGoBackOnlyToTheirModelAndOnlyIfThatIsWanted(String by, boolean wanted, boolean sent) throws Exception {
        Answer.WantedCall look =
                new Answer.WantedCall("a", "look", "{}", Json.parse("{\"extra_content\":{\"signature\":\"c2ln\"}}"));
        Prompt.Message said = new Prompt.Message.Model(
                "", List.of(Prompt.Call.of(look, 1)), by, Json.parse("{\"reasoning_content\":\"Hm.\"}"));

        JsonNode message = Json.parse(
                        new CompletionsRequest("some", settings(Map.of("return-reasoning", Boolean.toString(wanted))))
                                .of(new Prompt(List.of(said), List.of(), null), "max_tokens"))
                .at("/messages/0");

        assertThat(message.has("reasoning_content")).isEqualTo(sent);
        assertThat(message.at("/tool_calls/0").has("extra_content")).isEqualTo(sent);
        assertThat(message.at("/tool_calls/0/function/name").asText()).isEqualTo("look");
    }
}
