package io.drover.who;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.drover.json.Json;
import io.drover.json.Recorded;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a caller sees of a view: all of it, or {@link #HIDDEN} in the place of each {@link Payload}.
 * Views are records, and lists and maps of them; anything else is shown as it is.
 */
public final class Payloads {

    /** What stands in the place of a payload; of a JSON document, as a JSON string. */
    public static final String HIDDEN = "(hidden)";

    private static final String HIDDEN_JSON = Json.write(HIDDEN);

    /** How to make a record again, with other values. */
    private static final ClassValue<Constructor<?>> CONSTRUCTORS = new ClassValue<>() {
        @Override
        protected Constructor<?> computeValue(Class<?> type) {
            try {
                Constructor<?> all = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new));
                all.setAccessible(true);
                return all;
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("every record has this constructor", e);
            }
        }
    };

    private Payloads() {}

    /** A view as an actor sees it. */
    public static <T> T shown(T view, Actor actor) {
        boolean all = actor.seesPayloads() || view instanceof Submitted one && actor.seesPayloadsOf(one.submittedBy());
        return all ? view : hidden(view);
    }

    /** A view without its payloads. */
    @SuppressWarnings("unchecked") // of the same class, or a list or map of the same
    public static <T> T hidden(T view) {
        return (T)
                switch (view) {
                    case Record one -> record(one);
                    case List<?> list ->
                        list.stream()
                                .map(one -> one == null ? null : hidden(one))
                                .toList();
                    case Map<?, ?> map -> map(map);
                    default -> view;
                };
    }

    private static Map<Object, @Nullable Object> map(Map<?, ?> map) {
        Map<Object, @Nullable Object> hidden = new LinkedHashMap<>();
        map.forEach((key, value) -> hidden.put(key, value == null ? null : hidden(value)));
        return hidden;
    }

    private static Record record(Record view) {
        RecordComponent[] components = view.getClass().getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                components[i].getAccessor().setAccessible(true);
                Object value = components[i].getAccessor().invoke(view);
                Payload payload = components[i].getAnnotation(Payload.class);
                values[i] = value == null ? null : payload == null ? hidden(value) : instead(value, payload);
            }
            return (Record) CONSTRUCTORS.get(view.getClass()).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("%s cannot be shown without its payloads".formatted(view.getClass()), e);
        }
    }

    private static Object instead(Object value, Payload payload) {
        return switch (value) {
            case String document when payload.keeps().length > 0 -> members(document, Set.of(payload.keeps()));
            case String document when payload.json() -> HIDDEN_JSON;
            case String text -> HIDDEN;
            case JsonNode tree -> TextNode.valueOf(HIDDEN);
            default -> throw new IllegalStateException("a payload is a text or JSON, and no " + value.getClass());
        };
    }

    /** Not even their names: an answer from outside may have chosen them. */
    private static String members(String document, Set<String> kept) {
        if (!(Recorded.tree(document, () -> "a recorded document") instanceof ObjectNode object)) {
            return HIDDEN_JSON;
        }
        int all = object.size();
        object.retain(kept);
        return Json.write(object.size() == all ? object : object.put("message", HIDDEN));
    }
}
