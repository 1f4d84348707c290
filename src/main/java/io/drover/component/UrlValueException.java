package io.drover.component;

import io.drover.tool.PermanentFailure;

/** A value that would make a URL name another resource. Nothing was sent. */
class UrlValueException extends IllegalArgumentException implements PermanentFailure {

    UrlValueException(String value) {
        super(
                "${url(...)} got '%s': in a path it would name another resource; let argSchema require more of the argument, or leave the step out by a choice"
                        .formatted(value));
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
