-- One row for each survey response that a flow has taken in hand.
-- All timestamps of this schema are UTC.
CREATE TABLE processed_surveys (
    id                     SERIAL PRIMARY KEY,
    survey_id              VARCHAR(50)  NOT NULL,
    customer_id            VARCHAR(50)  NOT NULL,
    customer_name          VARCHAR(255) NOT NULL,
    survey_type            VARCHAR(100) NOT NULL,
    processing_status      VARCHAR(50)  DEFAULT 'pending',
    processed_at           TIMESTAMP,
    processing_duration_ms INTEGER,
    flow_run_id            VARCHAR(255),
    error_message          TEXT,
    created_at             TIMESTAMP DEFAULT timezone('utc', now()),
    updated_at             TIMESTAMP DEFAULT timezone('utc', now())
);

CREATE INDEX idx_processed_surveys_survey_id ON processed_surveys (survey_id);
CREATE INDEX idx_processed_surveys_customer_id ON processed_surveys (customer_id);
CREATE INDEX idx_processed_surveys_processing_status ON processed_surveys (processing_status);
CREATE INDEX idx_processed_surveys_processed_at ON processed_surveys (processed_at);
CREATE INDEX idx_processed_surveys_flow_run_id ON processed_surveys (flow_run_id);
