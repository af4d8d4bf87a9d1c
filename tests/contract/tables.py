"""The tables of a unit, in CloudFormation's words; test_tables.py holds them to the stacks."""

from types_boto3_dynamodb import DynamoDBClient
from types_boto3_dynamodb.type_defs import CreateTableInputTypeDef

from atoll.aws.ledger import LedgerTables

DATASETS = "Datasets"
LEDGER_TABLES = LedgerTables(jobs="Jobs", accounts="Accounts", ledger="Ledger")
EXPIRY = {"Jobs": "expires_at"}

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
            }
        ],
    },
    "Accounts": {
        "TableName": "Accounts",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "account_id", "AttributeType": "S"},
            {"AttributeName": "month", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "account_id", "KeyType": "HASH"},
            {"AttributeName": "month", "KeyType": "RANGE"},
        ],
    },
    "Ledger": {
        "TableName": "Ledger",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "account_id", "AttributeType": "S"},
            {"AttributeName": "entry_id", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "account_id", "KeyType": "HASH"},
            {"AttributeName": "entry_id", "KeyType": "RANGE"},
        ],
    },
}


def create_tables(dynamodb: DynamoDBClient) -> None:
    for shape in SHAPES.values():
        dynamodb.create_table(**shape)
