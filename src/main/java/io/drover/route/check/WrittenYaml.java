package io.drover.route.check;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Documents as people write them: in blocks, with indented lists. */
public final class WrittenYaml {

    private static final int WIDTH = 110;

    private WrittenYaml() {}

    /** @param document of maps, lists, texts, numbers, truths and nulls */
    public static String of(Object document) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setWidth(WIDTH)
                .build();
        return new Dump(settings).dumpToString(document);
    }
}
