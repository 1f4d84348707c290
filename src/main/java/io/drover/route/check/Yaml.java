package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A node of a YAML document, which knows its line. */
record Yaml(Node node) {

    /** A member of a mapping. */
    record Member(Yaml key, Yaml value) {
        String name() {
            return key.text();
        }
    }

    /**
     * @return null when the document is empty
     * @throws YamlEngineException when the text is not YAML, or more than anybody writes
     */
    static @Nullable Yaml parse(String text) {
        Optional<Node> root;
        try {
            root = new Compose(LoadSettings.builder()
                            .setAllowDuplicateKeys(false)
                            .setCodePointLimit(YamlSize.LONGEST)
                            .build())
                    .composeReader(new RoomyReader(text));
        } catch (StackOverflowError e) {
            throw YamlSize.tooDeep(Optional.empty());
        }
        root.ifPresent(YamlSize::check);
        return root.map(Yaml::new).orElse(null);
    }

    /** From 1. */
    int line() {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** The line of a member, or that of the whole where there is none. */
    int line(String name) {
        Yaml value = get(name);
        return value == null ? line() : value.line();
    }

    /** The line of a position in this scalar's text. */
    int line(int index) {
        boolean block = node instanceof ScalarNode scalar
                && (scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED);
        return block
                ? line()
                        + 1
                        + (int) text().substring(0, index)
                                .chars()
                                .filter(c -> c == '\n')
                                .count()
                : line();
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isSequence() {
        return node instanceof SequenceNode;
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    /** The text of a scalar; empty for anything else. */
    String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    List<Member> members() {
        return node instanceof MappingNode mapping
                ? mapping.getValue().stream()
                        .map(tuple -> new Member(new Yaml(tuple.getKeyNode()), new Yaml(tuple.getValueNode())))
                        .toList()
                : List.of();
    }

    List<Yaml> items() {
        return node instanceof SequenceNode sequence
                ? sequence.getValue().stream().map(Yaml::new).toList()
                : List.of();
    }

    @Nullable
    Yaml get(String name) {
        return members().stream()
                .filter(member -> member.name().equals(name))
                .map(Member::value)
                .findFirst()
                .orElse(null);
    }

    /** The text of a member, or an empty string. */
    String text(String name) {
        Yaml value = get(name);
        return value == null ? "" : value.text();
    }

    /** Visits every member of every mapping below this node, with the name of the member that holds the mapping. */
    void walk(String holder, BiConsumer<String, Member> visitor) {
        for (Member member : members()) {
            visitor.accept(holder, member);
            member.value().walk(member.name(), visitor);
        }
        items().forEach(item -> item.walk(holder, visitor));
    }

    /** Visits every scalar value below this node. */
    void scalars(java.util.function.Consumer<Yaml> visitor) {
        if (isScalar()) {
            visitor.accept(this);
        }
        members().forEach(member -> member.value().scalars(visitor));
        items().forEach(item -> item.scalars(visitor));
    }

    /** This node as JSON, as YAML's JSON schema types its scalars. */
    JsonNode json() {
        if (node instanceof MappingNode) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            members().forEach(member -> object.set(member.name(), member.value().json()));
            return object;
        }
        if (node instanceof SequenceNode) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            items().forEach(item -> array.add(item.json()));
            return array;
        }
        Tag tag = node.getTag();
        if (tag.equals(Tag.BOOL)) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text()));
        }
        if (tag.equals(Tag.NULL)) {
            return JsonNodeFactory.instance.nullNode();
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            try {
                JsonNode number = JsonNodeFactory.instance.numberNode(new java.math.BigDecimal(text()));
                return Json.problem(number) == null ? number : JsonNodeFactory.instance.textNode(text());
            } catch (NumberFormatException e) {
                return JsonNodeFactory.instance.textNode(text()); // .inf and the like
            }
        }
        return JsonNodeFactory.instance.textNode(text());
    }
}
