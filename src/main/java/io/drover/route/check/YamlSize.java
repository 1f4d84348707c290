package io.drover.route.check;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Counts the nodes of a document, each as often as aliases repeat it, because code that walks the document visits all
 * of those.
 * An alias may stand for a node that contains it, and ten aliases of ten aliases may not fit into any memory.
 */
final class YamlSize {

    /** In characters. */
    static final int LONGEST = 1_000_000;

    private static final int MOST_NODES = 200_000;
    private static final int DEEPEST = 200;

    private int nodes;

    private YamlSize() {}

    /** @throws ComposerException when it is too large */
    static void check(Node root) {
        new YamlSize().count(root, 0);
    }

    private void count(Node node, int depth) {
        if (depth > DEEPEST) {
            throw tooDeep(node.getStartMark());
        }
        if (++nodes > MOST_NODES) {
            throw new ComposerException(
                    "its aliases stand for more than %d values; shorten the file, or use fewer aliases"
                            .formatted(MOST_NODES),
                    node.getStartMark());
        }
        if (node instanceof MappingNode mapping) {
            for (NodeTuple member : mapping.getValue()) {
                count(member.getKeyNode(), depth + 1);
                count(member.getValueNode(), depth + 1);
            }
        } else if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                count(item, depth + 1);
            }
        }
    }

    static ComposerException tooDeep(Optional<Mark> where) {
        return new ComposerException(
                "it is nested more than %d deep; check that no alias refers to the node that contains it"
                        .formatted(DEEPEST),
                where);
    }
}
