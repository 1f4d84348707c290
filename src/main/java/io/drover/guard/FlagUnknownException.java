package io.drover.guard;

import io.drover.tool.TypedFailure;

/** Neither the provider of flags nor the expression that asks for one says what it is. */
class FlagUnknownException extends IllegalStateException implements TypedFailure {

    FlagUnknownException(String flag, String why) {
        super(
                "flag '%s' has no value: %s; define it where the flags are, or write its default into the expression, as in ${flag:%s:off}"
                        .formatted(flag, why, flag));
    }

    @Override
    public String errorType() {
        return "flag";
    }
}
