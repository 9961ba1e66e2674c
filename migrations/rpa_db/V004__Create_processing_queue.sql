-- Work that many processes share: each record is claimed by one of them at a time.
CREATE TABLE processing_queue (
    id               SERIAL PRIMARY KEY,
    flow_name        VARCHAR(100) NOT NULL,
    payload          JSONB        NOT NULL,
    status           VARCHAR(20)  NOT NULL DEFAULT 'pending'
                     CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    flow_instance_id VARCHAR(100),
    claimed_at       TIMESTAMP,
    completed_at     TIMESTAMP,
    error_message    TEXT,
    retry_count      INTEGER   NOT NULL DEFAULT 0,
    created_at       TIMESTAMP NOT NULL DEFAULT timezone('utc', now()),
    updated_at       TIMESTAMP NOT NULL DEFAULT timezone('utc', now())
);

-- Claiming, oldest first.
CREATE INDEX idx_processing_queue_status_created_at ON processing_queue (status, created_at);
-- Counts for each flow.
CREATE INDEX idx_processing_queue_flow_name_status ON processing_queue (flow_name, status);
-- Records whose process died.
CREATE INDEX idx_processing_queue_orphans ON processing_queue (claimed_at)
    WHERE status = 'processing';
-- Failed records that may be tried again.
CREATE INDEX idx_processing_queue_retry ON processing_queue (retry_count, created_at)
    WHERE status = 'failed';

CREATE FUNCTION processing_queue_set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := timezone('utc', clock_timestamp());
    RETURN NEW;
END;
$$;

CREATE TRIGGER processing_queue_updated_at
    BEFORE UPDATE ON processing_queue
    FOR EACH ROW EXECUTE FUNCTION processing_queue_set_updated_at();
