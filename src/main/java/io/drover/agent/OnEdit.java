package io.drover.agent;

/** What an edit of its definition does to an agent that has begun. */
public enum OnEdit {
    /** Nothing: it goes on with the definition that it began with. */
    CONTINUE,
    /** It goes on with the new definition, from its next question on. */
    RESTART
}
