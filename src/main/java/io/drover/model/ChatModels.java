package io.drover.model;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import io.drover.start.RefusedToStartException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.springframework.util.ClassUtils;

/**
 * Builds LangChain4j's models. All of them have builders with the same words for the same things, so a provider is added
 * by its jar and {@code drover.models.<name>.type} alone.
 */
final class ChatModels {

    private ChatModels() {}

    static ChatModel build(String name, ModelSettings settings, HttpClientBuilder http) {
        Object builder;
        try {
            builder = Class.forName(settings.type()).getMethod("builder").invoke(null);
        } catch (ClassNotFoundException e) {
            throw new RefusedToStartException(
                    "drover.models.%s.type: there is no class %s; add the LangChain4j jar of the provider"
                            .formatted(name, settings.type()),
                    e);
        } catch (ReflectiveOperationException e) {
            throw new RefusedToStartException(
                    "drover.models.%s.type: %s has no builder()".formatted(name, settings.type()), e);
        }
        Map<String, Object> values = Map.of(
                "httpClientBuilder", http,
                "baseUrl", settings.url(),
                "modelName", settings.model(),
                "timeout", settings.timeout().plus(Duration.ofSeconds(1)), // the guard's comes first
                "maxRetries", 0); // the guard is the one owner of retries
        values.forEach((property, value) -> set(builder, property, value));
        if (settings.apiKey() != null && !settings.apiKey().isBlank()) {
            set(builder, "apiKey", settings.apiKey());
        }
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
            throw new IllegalStateException("%s does not take %s".formatted(method, value), e);
        }
    }
}
