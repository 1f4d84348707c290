package io.drover.component;

import io.drover.tool.PermanentFailure;

/** A value that would make a URL name another resource. Nothing was sent. */
class UrlValueException extends IllegalArgumentException implements PermanentFailure {

    UrlValueException(String value) {
        super(
                "${url(...)} got '%s', which in a path would name another resource; make argSchema require more of the argument, or skip the step by a choice"
                        .formatted(value));
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
