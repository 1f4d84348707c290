package io.drover.route.check;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which sources give their events an identity of their own, that is the same when the event comes again or comes to another
 * replica. A trigger from any other source must give its tasks a key.
 */
public final class EventIdentity {

    /** Sources whose messages bear an id of their own, and the headers that make it. */
    public static final Map<String, List<String>> HEADERS = Map.ofEntries(
            Map.entry("jms", List.of("JMSMessageID")),
            Map.entry("activemq", List.of("JMSMessageID")),
            Map.entry("activemq6", List.of("JMSMessageID")),
            Map.entry("amqp", List.of("JMSMessageID")),
            Map.entry("sjms", List.of("JMSMessageID")),
            Map.entry("sjms2", List.of("JMSMessageID")),
            Map.entry("aws2-sqs", List.of("CamelAwsSqsMessageId")),
            Map.entry("aws2-kinesis", List.of("CamelAwsKinesisPartitionKey", "CamelAwsKinesisSequenceNumber")),
            Map.entry("aws2-s3", List.of("CamelAwsS3BucketName", "CamelAwsS3Key", "CamelAwsS3ETag")),
            Map.entry("azure-servicebus", List.of("CamelAzureServiceBusSequenceNumber")),
            Map.entry(
                    "azure-eventhubs", List.of("CamelAzureEventHubsPartitionKey", "CamelAzureEventHubsSequenceNumber")),
            Map.entry("google-pubsub", List.of("CamelGooglePubsubMessageId")));

    /** Files: path, time of the last change and length. */
    public static final Set<String> FILES = Set.of("file", "ftp", "ftps", "sftp", "smb", "azure-files");

    /** Mail: Message-ID, and the number that the mailbox gave it. */
    public static final Set<String> MAIL = Set.of("imap", "imaps", "pop3", "pop3s");

    /** A request is an event of its own, unless a header says which delivery it is. */
    public static final Set<String> HTTP = Set.of("platform-http", "rest", "rest-openapi", "servlet", "jetty");

    /** The instant that was due. */
    public static final Set<String> SCHEDULES = Set.of("quartz", "cron");

    /** The interval, counted from 1970 and so the same for all replicas. */
    public static final Set<String> INTERVALS = Set.of("timer", "scheduler");

    private static final String KAFKA = "kafka";
    private static final Set<String> COUNTS = Set.of("repeatCount", "trigger.repeatCount");

    /** Including where nothing is said. */
    private static final Set<String> UNLIMITED = Set.of("", "0", "-1");

    /** Another scheduler, such as Quartz, has times that its options alone do not say. */
    private static final Set<String> OWN_CLOCK = Set.of("", "none");

    private EventIdentity() {}

    /** Whether the events from there have an identity. */
    static boolean isKnown(EndpointUse from) {
        String scheme = from.scheme();
        if (SCHEDULES.contains(scheme) || INTERVALS.contains(scheme)) {
            return COUNTS.stream().allMatch(count -> UNLIMITED.contains(from.value(count)))
                    && !from.value("period").matches("-\\d+|0+[a-z]*")
                    && (!scheme.equals("scheduler") || OWN_CLOCK.contains(from.value("scheduler")));
        }
        return scheme.equals(KAFKA)
                || HTTP.contains(scheme)
                || FILES.contains(scheme)
                || MAIL.contains(scheme)
                || HEADERS.containsKey(scheme);
    }
}
