package io.drover.model;

import dev.langchain4j.model.chat.ChatModel;
import io.drover.secret.SecretReference;
import io.drover.start.RefusedToStartException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.springframework.util.ClassUtils;

/**
 * Builds the clients of models.
 * A provider that does not speak OpenAI's chat completions is added by its LangChain4j jar and
 * {@code drover.models.<name>.type} alone, because all builders use the same names.
 */
final class ChatClients {

    /** No client gives up by itself before the guard's timeout. */
    private static final Duration AFTER_THE_TIMEOUT = Duration.ofSeconds(1);

    private ChatClients() {}

    static ChatClient build(String name, ModelSettings settings, CloseableHttpClient http) {
        Duration patience = settings.timeout().plus(AFTER_THE_TIMEOUT);
        ModelHttp way = new ModelHttp(http, patience, settings.maxAnswerBytes());
        return settings.speaksCompletions()
                ? new CompletionsClient(name, settings, way)
                : new LangChainClient(name, settings, library(name, settings, patience, way));
    }

    private static ChatModel library(String name, ModelSettings settings, Duration patience, ModelHttp way) {
        Object builder;
        try {
            builder = Class.forName(settings.type()).getMethod("builder").invoke(null);
        } catch (ClassNotFoundException e) {
            throw new RefusedToStartException(
                    "drover.models.%s.type: there is no class %s; add the LangChain4j jar of the provider, or use %s"
                            .formatted(name, settings.type(), ModelSettings.OPENAI),
                    e);
        } catch (ReflectiveOperationException e) {
            throw new RefusedToStartException(
                    "drover.models.%s.type: %s has no builder()".formatted(name, settings.type()), e);
        }
        values(settings, patience, way).forEach((property, value) -> set(builder, property, value));
        try {
            return (ChatModel) builder.getClass().getMethod("build").invoke(builder);
        } catch (InvocationTargetException e) {
            throw new RefusedToStartException(
                    "drover.models.%s: %s"
                            .formatted(name, e.getTargetException().getMessage()),
                    e.getTargetException());
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new RefusedToStartException(
                    "drover.models.%s.type: %s builds no ChatModel".formatted(name, settings.type()), e);
        }
    }

    private static Map<String, Object> values(ModelSettings settings, Duration patience, ModelHttp way) {
        Map<String, Object> values = new HashMap<>(Map.of(
                "httpClientBuilder", new LangChainHttp.Builder(way, settings),
                "baseUrl", settings.url(),
                "modelName", settings.model(),
                "timeout", patience,
                "maxRetries", 0, // the guard is the one owner of retries
                "maxTokens", settings.maxOutputTokens(),
                "returnThinking", true,
                "sendThinking", settings.returnReasoning(),
                "customHeaders", referring(settings.headers())));
        if (settings.apiKey() != null && !settings.apiKey().isBlank()) {
            values.put("apiKey", SecretReference.in(settings.apiKey()));
        }
        return values;
    }

    private static Map<String, String> referring(Map<String, String> headers) {
        Map<String, String> referring = new HashMap<>();
        headers.forEach((name, value) -> referring.put(name, SecretReference.in(value)));
        return referring;
    }

    /** What a builder does not know its model does not need. */
    private static void set(Object builder, String property, Object value) {
        Arrays.stream(builder.getClass().getMethods())
                .filter(method -> method.getName().equals(property)
                        && method.getParameterCount() == 1
                        && ClassUtils.isAssignableValue(method.getParameterTypes()[0], value))
                .findFirst()
                .ifPresent(method -> invoke(builder, method, value));
    }

    private static void invoke(Object builder, Method method, Object value) {
        try {
            method.invoke(builder, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("%s does not take its value".formatted(method), e);
        }
    }
}
