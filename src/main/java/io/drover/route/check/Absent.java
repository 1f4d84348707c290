package io.drover.route.check;

import org.apache.camel.tooling.model.ArtifactModel;

/** What Camel has, but this Drover has not, and the two ways to have it. */
final class Absent {

    private Absent() {}

    /**
     * @param what  such as {@code component}, {@code language} or {@code data format}
     * @param model its entry in Camel's catalog, which names the artifact
     */
    static String message(String what, String name, ArtifactModel<?> model) {
        return "the %s '%s' is not part of this Drover; put %s:%s:%s and what it needs into lib/, or into the block \"your components\" of pom.xml (docs/components.md)"
                .formatted(what, name, model.getGroupId(), model.getArtifactId(), model.getVersion());
    }
}
