package io.drover.route.check;

import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Makes scalar nodes for parts of a text. */
final class Scalars {

    private Scalars() {}

    /** Another text, at the same place. */
    static Yaml at(Yaml place, String text) {
        return new Yaml(new ScalarNode(
                Tag.STR,
                true,
                text,
                ScalarStyle.PLAIN,
                place.node().getStartMark(),
                place.node().getEndMark()));
    }
}
