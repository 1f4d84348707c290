package io.drover.route.check;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Writes shorthand out in Camel's canonical form.
 * Only the places that the parser marks are edited, so comments, quotes and all else stay.
 */
final class CanonicalText {

    /** An expression in shorthand takes two: the language below {@code expression}, and its text below {@code expression}. */
    private static final int MOST_PASSES = 10;

    private final String text;
    private final String lineEnd;
    private final TextEdits edits;

    private CanonicalText(String text) {
        this.text = text;
        this.lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
        this.edits = new TextEdits(text);
    }

    /** The same document in canonical form, as far as shorthand keeps it from that; the text itself where it has none. */
    static String of(String text) {
        String before = text;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            String after = new CanonicalText(before).pass();
            if (after.equals(before) || !isYaml(after)) {
                return before;
            }
            before = after;
        }
        return before;
    }

    /** The same document with a route that has an id; the text itself where it has one, or is none. */
    static String withId(String text, String id) {
        return new CanonicalText(text).addId(id);
    }

    private String pass() {
        Yaml root = root();
        if (root == null) {
            return text;
        }
        for (Deviation deviation : Deviation.of(root)) {
            String property = deviation.unknown();
            if (property != null && CanonicalHints.isLanguage(property) && deviation.mayHave("expression")) {
                wrap(deviation.node(), property);
            } else if (deviation.isShortValue() && deviation.holder() != null) {
                String option = CanonicalHints.mainOption(deviation.name());
                if (option != null && deviation.mayHave(option)) {
                    spellOut(deviation.holder(), deviation.node(), option);
                }
            }
        }
        return edits.applied();
    }

    /** The document, or null where it is none or its nodes are not where they are marked, which aliases may be. */
    private @Nullable Yaml root() {
        try {
            Yaml root = Yaml.parse(text);
            return root == null || hasAnchors(root.node()) ? null : root;
        } catch (YamlEngineException e) {
            return null;
        }
    }

    /** Better a file in shorthand than one that is no YAML, should an edit ever make that of it. */
    private static boolean isYaml(String text) {
        try {
            return Yaml.parse(text) != null;
        } catch (YamlEngineException e) {
            return false;
        }
    }

    private static boolean hasAnchors(Node node) {
        boolean below =
                switch (node) {
                    case MappingNode mapping ->
                        mapping.getValue().stream()
                                .anyMatch(
                                        member -> hasAnchors(member.getKeyNode()) || hasAnchors(member.getValueNode()));
                    case SequenceNode sequence -> sequence.getValue().stream().anyMatch(CanonicalText::hasAnchors);
                    default -> false;
                };
        return below || node.getAnchor().isPresent();
    }

    /** {@code simple: x} becomes {@code expression: { simple: x }}. */
    private void wrap(Yaml holder, String language) {
        NodeTuple member = member(holder, key -> key.text().equals(language));
        if (member == null || holder.get("expression") != null || !isPlain(member)) {
            return;
        }
        int from = start(member.getKeyNode());
        int to = end(member.getValueNode());
        if (isFlow(holder)) {
            edits.insert(from, "expression: { ");
            edits.insert(to, " }");
        } else {
            edits.insert(from, "expression:" + lineEnd + spaces(column(member.getKeyNode()) + 2));
            edits.indent(from, to);
        }
    }

    /** {@code log: x} becomes {@code log: { message: x }}. */
    private void spellOut(Yaml holder, Yaml scalar, String option) {
        NodeTuple member =
                member(holder, key -> holder.get(key.text()) instanceof Yaml value && value.node() == scalar.node());
        if (member == null || scalar.text().isEmpty() || !isPlain(member)) {
            return;
        }
        int from = start(scalar.node());
        int to = end(scalar.node());
        if (isFlow(holder)) {
            edits.insert(from, "{ %s: ".formatted(option));
            edits.insert(to, " }");
            return;
        }
        int colon = text.indexOf(':', end(member.getKeyNode()));
        boolean isSameLine = text.substring(colon, from).indexOf('\n') < 0;
        if (isSameLine) {
            String indent = spaces(column(member.getKeyNode()) + 2);
            edits.replace(colon + 1, from, "%s%s%s: ".formatted(lineEnd, indent, option));
        } else if (column(scalar.node()) > column(member.getKeyNode())) {
            edits.insert(from, option + ": ");
        } else {
            return;
        }
        edits.indent(from, to);
    }

    private String addId(String id) {
        Yaml root = root();
        Yaml entry =
                root == null || root.items().size() != 1 ? null : root.items().getFirst();
        Yaml route = entry == null ? null : entry.get("route");
        if (route != null && !route.members().isEmpty() && route.get("id") == null) {
            Node first = route.members().getFirst().key().node();
            edits.insert(start(first), isFlow(route) ? "id: %s, ".formatted(id) : idBefore(id, column(first)));
        } else if (entry != null && entry.members().size() == 1 && entry.get("from") != null) {
            addRoute(entry, id);
        }
        return edits.applied();
    }

    /** Camel also reads {@code from} without a route around it. */
    private void addRoute(Yaml entry, String id) {
        Yaml.Member from = entry.members().getFirst();
        Node key = from.key().node();
        int end = end(from.value().node());
        if (isFlow(entry)) {
            edits.insert(start(key), "route: { id: %s, ".formatted(id));
            edits.insert(end, " }");
        } else {
            int column = column(key) + 2;
            edits.insert(start(key), "route:" + lineEnd + spaces(column) + idBefore(id, column));
            edits.indent(start(key), end);
        }
    }

    private String idBefore(String id, int column) {
        return "id: %s%s%s".formatted(id, lineEnd, spaces(column));
    }

    private static @Nullable NodeTuple member(Yaml holder, Function<Yaml, Boolean> wanted) {
        if (!(holder.node() instanceof MappingNode mapping)) {
            return null;
        }
        return mapping.getValue().stream()
                .filter(member -> wanted.apply(new Yaml(member.getKeyNode())))
                .findFirst()
                .orElse(null);
    }

    /** Whether a member is written as almost all are: no tag, no '?' before its name, nothing but a comment between the two. */
    private boolean isPlain(NodeTuple member) {
        int key = start(member.getKeyNode());
        int value = start(member.getValueNode());
        String between = text.substring(Math.min(end(member.getKeyNode()), value), value);
        return between.matches("[ \\t]*:(?:\\s|#[^\\n]*\\n)*")
                && text.charAt(Math.min(value, text.length() - 1)) != '!'
                && !text.substring(0, key).stripTrailing().endsWith("?");
    }

    private static boolean isFlow(Yaml holder) {
        return holder.node() instanceof MappingNode mapping && mapping.getFlowStyle() == FlowStyle.FLOW;
    }

    private int start(Node node) {
        return index(node.getStartMark());
    }

    /** Where a node ends; a block, which has no end of its own, ends with what it holds. */
    private int end(Node node) {
        if (node instanceof MappingNode mapping
                && mapping.getFlowStyle() == FlowStyle.BLOCK
                && !mapping.getValue().isEmpty()) {
            return end(mapping.getValue().getLast().getValueNode());
        }
        if (node instanceof SequenceNode sequence
                && sequence.getFlowStyle() == FlowStyle.BLOCK
                && !sequence.getValue().isEmpty()) {
            return end(sequence.getValue().getLast());
        }
        return index(node.getEndMark());
    }

    /** The parser counts characters beyond the basic plane as one. */
    private int index(Optional<Mark> mark) {
        return text.offsetByCodePoints(0, mark.orElseThrow().getIndex());
    }

    private static int column(Node node) {
        return node.getStartMark().orElseThrow().getColumn();
    }

    private static String spaces(int count) {
        return " ".repeat(count);
    }
}
