package io.drover.journal;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Under which id a topic of Kafka was first read: one that was deleted and made again has another one. */
@Repository
public class KnownTopics {

    private final JdbcClient jdbc;

    KnownTopics(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The id under which the topic was first read.
     *
     * @param owner of the keys of its records
     * @param id    its id now, which is the first one where none is known
     */
    public String firstId(String owner, String topic, String id) {
        jdbc.sql("insert into kafka_topic (owner, name, first_id) values (:owner, :name, :id) on conflict do nothing")
                .param("owner", owner)
                .param("name", topic)
                .param("id", id)
                .update();
        return jdbc.sql("select first_id from kafka_topic where owner = :owner and name = :name")
                .param("owner", owner)
                .param("name", topic)
                .query(String.class)
                .single();
    }
}
