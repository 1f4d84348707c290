package io.drover.guard;

import io.drover.tool.PermanentFailure;
import io.drover.tool.TypedFailure;

/** A step of a dry run would have had an effect outside a tool. */
final class DryRunException extends IllegalStateException implements PermanentFailure, TypedFailure {

    DryRunException() {
        super(
                "a dry run has no effects, and this step may have one outside a tool; put it into a route from: tool:<name>"
                        + " and call the tool");
    }

    @Override
    public boolean isPermanent() {
        return true;
    }

    @Override
    public String errorType() {
        return "DryRunRefused";
    }
}
