package io.drover.guard;

import io.drover.egress.EgressRefusedException;
import io.drover.json.Excerpt;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What an exception says to people: its words, with the name of its class only where they mean nothing without it. */
final class FailureText {

    private static final int LONGEST = 500;

    /** What Java puts before the message of a cause. */
    private static final Pattern CLASS = Pattern.compile("\\b(?:[a-z][a-z0-9]{0,30}\\.){1,10}[A-Z][\\w$]{1,80}: ");

    private FailureText() {}

    static String of(Throwable thrown) {
        String message = thrown.getMessage() == null ? "" : thrown.getMessage();
        String words = CLASS.matcher(message).replaceAll("").strip();
        String text =
                switch (thrown) {
                    case EgressRefusedException e -> words;
                    case UnknownHostException e -> "the host %s is unknown".formatted(words.split("[:\\s]", 2)[0]);
                    case NoSuchFileException e -> "the file %s does not exist".formatted(words);
                    case AccessDeniedException e -> "the file %s may not be used by this user".formatted(words);
                    case FileAlreadyExistsException e -> "the file %s exists already".formatted(words);
                    case SSLException e -> "TLS: " + words;
                    default -> words.isEmpty() ? name(thrown) : isWord(words) ? name(thrown) + ": " + words : words;
                };
        return Excerpt.of(text, LONGEST);
    }

    private static boolean isWord(String text) {
        return text.chars().noneMatch(Character::isWhitespace);
    }

    private static String name(Throwable thrown) {
        String name = thrown.getClass().getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
