"""The tables of a unit, in CloudFormation's words; test_tables.py holds them to the stacks."""

from types_boto3_dynamodb import DynamoDBClient
from types_boto3_dynamodb.type_defs import CreateTableInputTypeDef

from atoll.aws.writes import LedgerTables

DATASETS = "Datasets"
POLICIES = "Policies"
DELIVERIES = "Deliveries"
LEDGER_TABLES = LedgerTables(
    jobs="Jobs", accounts="Accounts", ledger="Ledger", slots="Slots", shares="Shares"
)
EXPIRY = {"Jobs": "expires_at", "Accounts": "expires_at", "Shares": "expires_at"}

SHAPES: dict[str, CreateTableInputTypeDef] = {
    "Datasets": {
        "TableName": "Datasets",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "dataset", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "dataset", "KeyType": "HASH"}],
    },
    "Jobs": {
        "TableName": "Jobs",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "job_id", "AttributeType": "S"},
            {"AttributeName": "account_id", "AttributeType": "S"},
            {"AttributeName": "created_at", "AttributeType": "S"},
            {"AttributeName": "queue", "AttributeType": "S"},
        ],
        "KeySchema": [{"AttributeName": "job_id", "KeyType": "HASH"}],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by_account",
                "KeySchema": [
                    {"AttributeName": "account_id", "KeyType": "HASH"},
                    {"AttributeName": "created_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": "by_queue",
                "KeySchema": [
                    {"AttributeName": "queue", "KeyType": "HASH"},
                    {"AttributeName": "created_at", "KeyType": "RANGE"},
                ],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["account_id", "tier", "profiles", "work_bytes"],
                },
            },
        ],
    },
    "Accounts": {
        "TableName": "Accounts",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "account_id", "AttributeType": "S"},
            {"AttributeName": "item", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "account_id", "KeyType": "HASH"},
            {"AttributeName": "item", "KeyType": "RANGE"},
        ],
    },
    "Ledger": {
        "TableName": "Ledger",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "account_id", "AttributeType": "S"},
            {"AttributeName": "entry_id", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "account_id", "KeyType": "HASH"},
            {"AttributeName": "entry_id", "KeyType": "RANGE"},
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by_day",
                "KeySchema": [
                    {"AttributeName": "day", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    },
    "Slots": {
        "TableName": "Slots",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "slot", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "slot", "KeyType": "HASH"}],
    },
    "Shares": {
        "TableName": "Shares",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "fingerprint", "AttributeType": "S"},
            {"AttributeName": "member", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "fingerprint", "KeyType": "HASH"},
            {"AttributeName": "member", "KeyType": "RANGE"},
        ],
    },
    "Policies": {
        "TableName": "Policies",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "name", "AttributeType": "S"},
            {"AttributeName": "version", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "name", "KeyType": "HASH"},
            {"AttributeName": "version", "KeyType": "RANGE"},
        ],
    },
    "Deliveries": {
        "TableName": "Deliveries",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "delivery", "AttributeType": "S"},
            {"AttributeName": "dataset", "AttributeType": "S"},
            {"AttributeName": "received_at", "AttributeType": "S"},
            {"AttributeName": "month", "AttributeType": "S"},
            {"AttributeName": "stage", "AttributeType": "S"},
        ],
        "KeySchema": [{"AttributeName": "delivery", "KeyType": "HASH"}],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by_dataset",
                "KeySchema": [
                    {"AttributeName": "dataset", "KeyType": "HASH"},
                    {"AttributeName": "received_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": "by_month",
                "KeySchema": [
                    {"AttributeName": "month", "KeyType": "HASH"},
                    {"AttributeName": "received_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": "by_stage",
                "KeySchema": [{"AttributeName": "stage", "KeyType": "HASH"}],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["holder", "dataset", "received_at"],
                },
            },
        ],
    },
}


def create_tables(dynamodb: DynamoDBClient) -> None:
    for shape in SHAPES.values():
        dynamodb.create_table(**shape)
