package io.drover.guard;

import io.drover.guard.Failure.Kind;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Failures of components that an installation may add, known by their names: mail, FTP, SFTP and JMS. Only what comes before
 * the other side takes something, or what it refuses, is told apart. All else stays unknown.
 */
final class AddedClients {

    private static final String FILE_OPERATION = "org.apache.camel.component.file.GenericFileOperationFailedException";

    /** The first that fits decides. */
    private static final List<Rule> RULES = List.of(
            new Rule("jakarta.mail.AuthenticationFailedException", "", Kind.NOT_HAPPENED),
            new Rule("(?:org.eclipse.angus|com.sun).mail.util.MailConnectException", "", Kind.NOT_HAPPENED),
            new Rule("jakarta.mail.MessagingException", "Got bad greeting ", Kind.NOT_HAPPENED),
            new Rule("jakarta.mail.internet.AddressException", "", Kind.REJECTED),
            // By the reply of the server. With mail.smtp.sendpartial it is 250, although an address was refused.
            new Rule(
                    "(?:org.eclipse.angus|com.sun).mail.smtp.SMTP\\w+FailedException", "4\\d\\d\\b", Kind.NOT_HAPPENED),
            new Rule("(?:org.eclipse.angus|com.sun).mail.smtp.SMTP\\w+FailedException", "5\\d\\d\\b", Kind.REJECTED),
            new Rule("(?:org.eclipse.angus|com.sun).mail.smtp.SMTP\\w+FailedException", "", Kind.UNKNOWN),
            new Rule(FILE_OPERATION, ".*\\bCannot (?:login|connect) ", Kind.NOT_HAPPENED),
            new Rule(FILE_OPERATION, ".*\\bCode: 53[02]\\b", Kind.NOT_HAPPENED), // not logged in
            new Rule(FILE_OPERATION, "File already exist: .* Cannot write new file", Kind.REJECTED),
            new Rule("com.jcraft.jsch.JSchException", "", Kind.NOT_HAPPENED),
            new Rule("(?:jakarta|javax).jms.JMSSecurityException", "", Kind.NOT_HAPPENED),
            new Rule("(?:jakarta|javax).jms.InvalidDestinationException", "", Kind.REJECTED),
            new Rule(
                    "org.apache.activemq.artemis.api.core.ActiveMQNotConnectedException",
                    ".*\\bCannot connect to server",
                    Kind.NOT_HAPPENED),
            new Rule("org.apache.activemq.artemis.api.core.ActiveMQAddressFullException", "", Kind.NOT_HAPPENED));

    /** What an exception of this class means whose message begins like this. */
    private record Rule(Pattern type, Pattern message, Kind kind) {

        Rule(String type, String message, Kind kind) {
            this(Pattern.compile(type.replace(".", "\\.")), Pattern.compile(message, Pattern.DOTALL), kind);
        }
    }

    private AddedClients() {}

    /** What an exception says by itself, or null where it says nothing. */
    static @Nullable Kind kind(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            String name = type.getName();
            for (Rule rule : RULES) {
                if (rule.type.matcher(name).matches()
                        && rule.message.matcher(message).lookingAt()) {
                    return rule.kind;
                }
            }
        }
        return null;
    }
}
