package io.drover.shadow;

import org.springframework.stereotype.Component;

/** How shadows differ from the live tasks that they mirror, for people. */
@Component
public class Shadows {

    private static final int MOST_GROUPS = 100;

    private final ShadowRows rows;

    Shadows(ShadowRows rows) {
        this.rows = rows;
    }

    /** Of the shadows of a rollout. */
    public ShadowReport of(String rollout) {
        return rows.report(rollout, MOST_GROUPS);
    }
}
