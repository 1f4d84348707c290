package io.drover.component;

import io.drover.tool.PermanentFailure;

/** A value that would make a URL name another resource. Nothing was sent. */
class UrlValueException extends IllegalArgumentException implements PermanentFailure {

    private UrlValueException(String message, String value) {
        super(message.formatted(value));
    }

    UrlValueException(String value) {
        this(
                "${url(...)} got '%s', which in a path would name another resource; make argSchema require more of the argument, or skip the step by a choice",
                value);
    }

    /** @param name in the query */
    static UrlValueException ofQuery(String name) {
        return new UrlValueException(
                "${query(...)} got an object, or a list of lists, for '%s'; make argSchema require a text, a number, a boolean or a list of these",
                name);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
